#pragma once

#include <string>

#include "remoting/base/json.h"

namespace comet::cli {

// A document over several lines, indented by tabs as Java's tools do it.
std::string PrettyJson(const Json& value);

}  // namespace comet::cli
