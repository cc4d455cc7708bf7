#include "sdk/src/error_mapping.h"

#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

Errc ErrcOfStatus(Status::Code code) {
  switch (code) {
    case Status::Code::kTimeout:
      return Errc::timeout;
    case Status::Code::kUnavailable:
    case Status::Code::kIo:
    case Status::Code::kClosed:
      return Errc::not_connected;
    case Status::Code::kFull:
      return Errc::queue_full;
    case Status::Code::kInvalid:
      return Errc::invalid_argument;
    case Status::Code::kNotFound:
      return Errc::no_route;
    case Status::Code::kCorruption:
      return Errc::broker_error;
    case Status::Code::kOk:
      break;
  }
  return Errc::internal;
}

Errc ErrcOfResponse(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSystemBusy:
      return Errc::busy;
    case ResponseCode::kRequestCodeNotSupported:
      return Errc::unsupported;
    case ResponseCode::kFlushDiskTimeout:
    case ResponseCode::kFlushSlaveTimeout:
      return Errc::flush_timeout;
    case ResponseCode::kSlaveNotAvailable:
      return Errc::slave_unavailable;
    case ResponseCode::kMessageIllegal:
    case ResponseCode::kInvalidParameter:
    case ResponseCode::kSubscriptionParseFailed:
      return Errc::invalid_argument;
    case ResponseCode::kNoPermission:
      return Errc::forbidden;
    case ResponseCode::kTopicNotExist:
      return Errc::topic_not_found;
    case ResponseCode::kSubscriptionGroupNotExist:
      return Errc::group_not_found;
    default:
      return Errc::broker_error;
  }
}

std::string_view Advice(Errc code) {
  switch (code) {
    case Errc::timeout:
      return "; it may have happened all the same: look before you repeat it";
    case Errc::not_connected:
      return "; check that the server runs and that its address can be reached from here";
    case Errc::topic_not_found:
      return "; create the topic with mqadmin updateTopic";
    case Errc::group_not_found:
      return "; create the group with mqadmin updateSubGroup";
    case Errc::busy:
      return "; the broker is overloaded, go more slowly";
    default:
      return "";
  }
}

}  // namespace

Error FromStatus(const Status& status, std::string_view what, std::string_view server) {
  const Errc code = ErrcOfStatus(status.code());
  return Error(code, Concat(what, server.empty() ? "" : " at ", server, ": ", status.message(),
                            Advice(code)))
      .with_server(std::string(server));
}

Error FromResponse(std::int32_t code, std::string_view remark, std::string_view what,
                   std::string_view server) {
  const Errc errc = ErrcOfResponse(code);
  return Error(errc, Concat(what, " at ", server, ": code ", code, remark.empty() ? "" : ", ",
                            remark, Advice(errc)))
      .with_broker_code(code)
      .with_server(std::string(server));
}

bool WorthAnotherBroker(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSystemError:
    case ResponseCode::kSystemBusy:
    case ResponseCode::kServiceNotAvailable:
    case ResponseCode::kTopicNotExist:
    case ResponseCode::kNoPermission:
    case 204:   // NO_BUYER_ID
    case 205:   // NOT_IN_CURRENT_UNIT
    case 1500:  // GO_AWAY: the broker is shutting down
      return true;
    default:
      return false;
  }
}

}  // namespace comet::client
