#include "sdk/src/admin_calls.h"

#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

Status::Code StatusCodeOf(std::int32_t code) {
  switch (code) {
    case ResponseCode::kTopicNotExist:
    case ResponseCode::kQueryNotFound:
    case ResponseCode::kPullNotFound:
    case ResponseCode::kSubscriptionGroupNotExist:
    case ResponseCode::kSubscriptionNotExist:
    case ResponseCode::kConsumerNotOnline:
    case ResponseCode::kBrokerNotExist:
      return Status::Code::kNotFound;
    case ResponseCode::kMessageIllegal:
    case ResponseCode::kInvalidParameter:
      return Status::Code::kInvalid;
    case ResponseCode::kSystemBusy:
    case ResponseCode::kServiceNotAvailable:
      return Status::Code::kUnavailable;
    default:
      return Status::Code::kIo;
  }
}

net::ClientOptions ToolOptions() {
  net::ClientOptions options;
  options.language = wire::kServerLanguage;  // header.h: what a tool says has consequences
  return options;
}

net::LoopGroupOptions LoopOptions() {
  net::LoopGroupOptions options;
  options.name = "admin";
  return options;
}

}  // namespace

Status ErrorOfAnswer(std::string_view address, std::int32_t code, std::string_view remark) {
  std::string text = Concat(address, " answered ", code);
  const std::string_view name = wire::ResponseCodeName(code);
  if (!name.empty()) text += Concat(" ", name);
  remark = remark.substr(0, remark.find('\n'));  // some go on with a link
  if (!remark.empty()) text += Concat(": ", remark);
  return Status(StatusCodeOf(code), std::move(text));
}

AdminCalls::AdminCalls(AdminOptions options)
    : options_(std::move(options)), loops_(LoopOptions()), pool_(loops_, ToolOptions()) {
  loops_.Start();
}

Status AdminCalls::Refusal(std::string_view address, std::int32_t code, std::string_view remark) {
  if (code == ResponseCode::kNoPermission) refused_ = true;
  return ErrorOfAnswer(address, code, remark);
}

Status AdminCalls::NoNamesrv() {
  return Status(Status::Code::kInvalid,
                "no name server given: use -n host:port or set NAMESRV_ADDR");
}

}  // namespace comet::client
