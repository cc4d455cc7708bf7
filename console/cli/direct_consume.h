#pragma once

#include <string>

#include "console/cli/change.h"
#include "sdk/src/admin_message.h"

namespace comet::cli {

// The step that makes a client of a group consume a message now. kInvalid when the client does not
// push: then nobody would call a listener.
StatusOr<Step> DirectConsumeStep(Context& context, const client::StoredMessage& message,
                                 const std::string& group, const std::string& client_id);

}  // namespace comet::cli
