#pragma once

#include <string>
#include <string_view>

namespace comet::client {

// Namespaces as RocketMQ's clients spell them (version 1): a prefix `<namespace>%` of topics and
// groups, behind %RETRY% or %DLQ% where there is one. Applications see names without it, brokers
// with it. System topics and groups have none, and a name that has the prefix keeps it. An empty
// namespace changes nothing.

// Works for topics, groups, retry and dead-letter topics alike.
std::string WrapName(std::string_view name_space, std::string_view name);

// What the application calls it: the inverse.
std::string UnwrapName(std::string_view name_space, std::string_view name);

}  // namespace comet::client
