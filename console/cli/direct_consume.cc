#include "console/cli/direct_consume.h"

#include "remoting/base/text.h"
#include "remoting/wire/requests/consume_directly.h"
#include "sdk/src/admin_client.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

std::string DirectResultText(const client::DirectResult& result) {
  return Concat(
      "ConsumeMessageDirectlyResult [order=", result.order, ", autoCommit=", result.auto_commit,
      ", consumeResult=", result.result.value_or("null"),
      ", remark=", result.remark.value_or("null"), ", spentTimeMills=", result.spent_ms, "]\n");
}

}  // namespace

StatusOr<Step> DirectConsumeStep(Context& context, const client::StoredMessage& message,
                                 const std::string& group, const std::string& client_id) {
  COMET_ASSIGN(const auto route, client::GetRouteOfGroup(context.admin, group, ""));
  COMET_ASSIGN(const auto info,
               client::GetRunningInfo(context.admin, route, group, client_id, false));
  if (info.Property("PROP_CONSUME_TYPE") != "CONSUME_PASSIVELY") {
    return Status(
        Status::Code::kInvalid,
        Concat("client ", client_id, " is no push consumer: it cannot be given a message"));
  }
  const std::string offset_id = message.view.offset_id();
  const std::string address = message.view.store_host();
  const std::string topic(message.view.topic());
  Step step{wire::ConsumeDirectly::kName, address,
            Concat("message ", offset_id, " to client ", client_id, " of group ", group)};
  step.send =
      [&context, address,
       order = client::DirectOrder{group, client_id, topic, offset_id}]() -> StatusOr<std::string> {
    COMET_ASSIGN(const auto result, client::ConsumeDirectly(context.admin, address, order));
    return DirectResultText(result);
  };
  return step;
}

}  // namespace comet::cli
