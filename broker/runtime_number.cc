#include "broker/runtime_number.h"

#include <string>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"

namespace comet::broker {

std::optional<std::int64_t> RuntimeNumber(std::string_view body, std::string_view key) {
  const auto info = FromJson<wire::KvTable>(body);
  if (!info.ok()) return std::nullopt;
  const auto found = info->table.find(std::string(key));
  if (found == info->table.end()) return std::nullopt;
  return ParseNumber<std::int64_t>(found->second);
}

}  // namespace comet::broker
