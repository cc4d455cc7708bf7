#pragma once

#include <string_view>

#include "remoting/base/status.h"

namespace comet::namesrv {

// Strings of requests end up in routes that clients of every language parse, some by cutting text:
// what could confuse them is refused at the door. `what` names the field in the error.

// Not empty, at most kNameBytesMax, no control characters, blanks, quotes, braces or separators.
Status CheckName(std::string_view what, std::string_view text);

// host:port, the host an IPv4 or bracketed IPv6 address or a name.
Status CheckAddress(std::string_view what, std::string_view text);

// A key of the key/value table: anything printable, because operators choose it.
Status CheckKey(std::string_view what, std::string_view text);

}  // namespace comet::namesrv
