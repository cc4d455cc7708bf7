#pragma once

#include <comet/client.h>

#include <memory>
#include <string>
#include <string_view>

#include "console/cli/command.h"
#include "remoting/base/status_or.h"

namespace comet::cli {

Status ToStatus(const Error& error);
// SEND_OK and the like.
std::string_view StatusName(SendStatus status);

// A client of the library for the commands that send, with the name servers of the command.
StatusOr<std::shared_ptr<Client>> ConnectClient(Context& context);

}  // namespace comet::cli
