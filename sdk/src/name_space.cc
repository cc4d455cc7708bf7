#include "sdk/src/name_space.h"

#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::client {
namespace {

constexpr std::string_view kSeparator = "%";

// %RETRY%, %DLQ% or nothing: what stays in front of the namespace.
std::string_view PrefixOf(std::string_view name) {
  if (wire::IsRetryTopic(name)) return wire::kRetryPrefix;
  if (wire::IsDlqTopic(name)) return wire::kDlqPrefix;
  return {};
}

bool HasNameSpace(std::string_view rest, std::string_view name_space) {
  return rest.size() > name_space.size() && rest.starts_with(name_space) &&
         rest.substr(name_space.size()).starts_with(kSeparator);
}

}  // namespace

std::string WrapName(std::string_view name_space, std::string_view name) {
  const std::string_view prefix = PrefixOf(name);
  const std::string_view rest = name.substr(prefix.size());
  if (name_space.empty() || rest.empty() || wire::IsSystemTopic(name) ||
      wire::IsSystemGroup(name) || HasNameSpace(rest, name_space)) {
    return std::string(name);
  }
  return Concat(prefix, name_space, kSeparator, rest);
}

std::string UnwrapName(std::string_view name_space, std::string_view name) {
  const std::string_view prefix = PrefixOf(name);
  const std::string_view rest = name.substr(prefix.size());
  if (name_space.empty() || !HasNameSpace(rest, name_space)) return std::string(name);
  return Concat(prefix, rest.substr(name_space.size() + kSeparator.size()));
}

}  // namespace comet::client
