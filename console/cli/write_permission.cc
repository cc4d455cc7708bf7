#include "console/cli/write_permission.h"

#include <string>
#include <vector>

#include "console/cli/change.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/add_write_permission.h"
#include "remoting/wire/requests/wipe_write_permission.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_namesrv.h"

namespace comet::cli {

Status ChangeWritePermission(Context& context, const Arguments& arguments, WritePermission change) {
  const bool wipes = change == WritePermission::kWipe;
  const std::string broker = arguments.Text("brokerName");
  COMET_ASSIGN(const wire::ClusterInfo cluster, client::GetCluster(context.admin));
  if (!cluster.brokers.contains(broker)) {
    return Status(Status::Code::kNotFound, Concat("no broker is called ", broker));
  }
  std::vector<Step> steps;
  for (const std::string& address : context.admin.namesrv()) {
    Step step{wipes ? wire::WipeWritePermission::kName : wire::AddWritePermission::kName, address,
              Concat("topics of broker ", broker)};
    step.send = [&context, address, broker, wipes]() -> StatusOr<std::string> {
      COMET_ASSIGN(const std::int32_t topics,
                   wipes ? client::WipeWritePermission(context.admin, address, broker)
                         : client::AddWritePermission(context.admin, address, broker));
      return Concat(wipes ? "wipe" : "add", " write perm of broker[", broker, "] in name server[",
                    address, "] OK, ", topics, "\n");
    };
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps, broker);
}

}  // namespace comet::cli
