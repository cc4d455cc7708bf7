#include "store/record_tail.h"

#include <algorithm>

#include "store/holes.h"

namespace comet::store {
namespace {

constexpr std::size_t kSectorBytes = 512;

}  // namespace

bool TailIsWhole(const wire::RecordView& record, const char* bytes, std::size_t position) {
  const Slice last = record.properties.empty() ? record.topic : record.properties;
  const auto begin = position + static_cast<std::size_t>(record.topic.data() - bytes);
  const auto end = position + static_cast<std::size_t>(last.data() + last.size() - bytes);
  if (begin == end || last.back() == '\0') return false;
  for (auto at = (begin + kSectorBytes - 1) / kSectorBytes * kSectorBytes; at < end;
       at += kSectorBytes) {
    if (AllZero(Slice(bytes + (at - position), std::min(kSectorBytes, end - at)))) return false;
  }
  return true;
}

Status CheckProperties(Slice properties) {
  auto zero = properties.find('\0');
  if (zero == Slice::npos) return {};
  if (properties.back() == '\0') return {Status::Code::kInvalid, "properties end with a zero byte"};
  while (zero != Slice::npos) {
    const auto behind = properties.find_first_not_of('\0', zero);
    if (behind - zero >= kSectorBytes) {
      return {Status::Code::kInvalid, "properties with hundreds of zero bytes in a row"};
    }
    zero = properties.find('\0', behind);
  }
  return {};
}

}  // namespace comet::store
