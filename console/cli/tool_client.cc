#include "console/cli/tool_client.h"

#include "console/cli/targets.h"
#include "sdk/src/admin_calls.h"

namespace comet::cli {

Status ToStatus(const Error& error) {
  switch (error.code()) {
    case Errc::timeout:
      return Status(Status::Code::kTimeout, error.message());
    case Errc::no_route:
    case Errc::topic_not_found:
      return Status(Status::Code::kNotFound, error.message());
    case Errc::not_connected:
    case Errc::closed:
      return Status(Status::Code::kUnavailable, error.message());
    case Errc::invalid_argument:
    case Errc::message_too_large:
      return Status(Status::Code::kInvalid, error.message());
    default:
      return Status(Status::Code::kIo, error.message());
  }
}

std::string_view StatusName(SendStatus status) {
  switch (status) {
    case SendStatus::ok:
      return "SEND_OK";
    case SendStatus::flush_disk_timeout:
      return "FLUSH_DISK_TIMEOUT";
    case SendStatus::flush_slave_timeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case SendStatus::slave_not_available:
      break;
  }
  return "SLAVE_NOT_AVAILABLE";
}

StatusOr<std::shared_ptr<Client>> ConnectClient(Context& context) {
  if (context.admin.namesrv().empty()) return client::AdminCalls::NoNamesrv();
  ClientOptions options;
  options.namesrv = Joined(context.admin.namesrv(), ";");
  options.log = [](Severity, std::string_view, std::string_view) {
  };  // the result says it all
  auto client = Client::connect(std::move(options));
  if (!client) return ToStatus(client.error());
  return std::move(*client);
}

}  // namespace comet::cli
