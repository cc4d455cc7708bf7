#include "broker/slave/fetch_table.h"

#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::broker {

Status CheckEntryName(std::string_view what, std::string_view name) {
  constexpr std::size_t kBytesMax = 255;  // of a directory's name
  COMET_TRY(wire::CheckId(what, name, kBytesMax));
  if (name != "." && name != ".." && name.find('/') == std::string_view::npos) return {};
  return {Status::Code::kInvalid,
          Concat(what, " '", name, "' has a name that cannot be a directory's")};
}

Status CheckVersion(const wire::DataVersion& version) {
  constexpr std::int64_t kCounterMax = std::int64_t{1} << 62;
  if (version.counter >= 0 && version.counter <= kCounterMax) return {};
  return {Status::Code::kInvalid, Concat("a version with counter ", version.counter)};
}

}  // namespace comet::broker
