#include "console/cli/kv_steps.h"

#include <vector>

#include "console/cli/change.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/delete_kv_config.h"
#include "remoting/wire/requests/put_kv_config.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {
namespace {

StatusOr<Step> StepFor(Context& context, const std::string& address, const KvChange& change) {
  COMET_ASSIGN(const auto before, client::GetKv(context.admin, address, change.ns, change.key));
  Step step{change.value ? wire::PutKvConfig::kName : wire::DeleteKvConfig::kName, address,
            Concat("key ", change.key, " of namespace ", change.ns)};
  step.differences = DifferencesOf(before ? Record({{change.key, *before}}) : Json(),
                                   change.value ? Record({{change.key, *change.value}}) : Json());
  step.send = [&context, address, change]() -> StatusOr<std::string> {
    COMET_TRY(change.value
                  ? client::PutKv(context.admin, address, change.ns, change.key, *change.value)
                  : client::DeleteKv(context.admin, address, change.ns, change.key));
    return std::string();
  };
  return step;
}

}  // namespace

Status ChangeKv(Context& context, const KvChange& change, const std::string& done) {
  if (context.admin.namesrv().empty()) return client::AdminCalls::NoNamesrv();
  std::vector<Step> steps;
  for (const std::string& address : context.admin.namesrv()) {
    COMET_ASSIGN(Step step, StepFor(context, address, change));
    steps.push_back(std::move(step));
  }
  COMET_TRY(CarryOut(context, steps, change.key));
  if (!context.consent.dry_run && !context.partial) context.out.Say(done);
  return {};
}

}  // namespace comet::cli
