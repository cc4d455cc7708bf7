#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/base/status.h"

namespace comet::namesrv {

// Strings of requests end up in routes that clients of every language parse, some by cutting text:
// what could confuse them is refused at the door. `what` names the field in the error.

// UTF-8, not empty, at most kNameBytesMax, no control characters, blanks, quotes, braces or
// separators, and no dot in front.
Status CheckName(std::string_view what, std::string_view text);

// host:port, the host an IPv4 or bracketed IPv6 address or a name.
Status CheckAddress(std::string_view what, std::string_view text);

// RocketMQ's rule for topics, ^[%|a-zA-Z0-9_-]+$, and what brokers make topics of by themselves:
// dots within, because their own and their cluster's name is one, + in pop's retry topics, $ in
// those of lite topics. Longer than others, because a retry topic may have a group's and a topic's
// name in it.
Status CheckTopic(std::string_view topic);

// A key of the key/value table: anything printable, because operators choose it.
Status CheckKey(std::string_view what, std::string_view text);

// The code with which a request that failed so is answered.
std::int32_t CodeOfRefusal(const Status& status);

}  // namespace comet::namesrv
