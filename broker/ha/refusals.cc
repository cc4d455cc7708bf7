#include "broker/ha/refusals.h"

#include <algorithm>
#include <utility>

#include "remoting/base/utf8.h"

namespace comet::broker {
namespace {

constexpr std::size_t kTextBytesMax = 1024;

std::string_view IpOf(std::string_view address) {
  return address.substr(0, address.rfind(':'));
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = NextCodePoint(text, at);
    if (line.size() >= kTextBytesMax) return line + "...";
    AppendUtf8(line, point < 0x20 || point == 0x7f ? U' ' : point);
  }
  return line;
}

bool Refusals::Note(wire::HaTrouble refusal) {
  refusal.text = OneLine(refusal.text);
  MutexLock lock(mutex_);
  const auto known = std::ranges::find_if(refusals_, [&](const auto& one) {
    return one.broker_id == refusal.broker_id && IpOf(one.address) == IpOf(refusal.address);
  });
  bool is_new = true;
  if (known != refusals_.end()) {
    is_new = known->text != refusal.text;
    refusals_.erase(known);
  } else if (refusals_.size() == kReplicasMax) {
    refusals_.erase(refusals_.begin());
  }
  refusals_.push_back(std::move(refusal));
  return is_new;
}

void Refusals::Forget(std::string_view address, std::int64_t broker_id) {
  MutexLock lock(mutex_);
  std::erase_if(refusals_, [&](const auto& one) {
    return IpOf(one.address) == IpOf(address) || (broker_id >= 0 && one.broker_id == broker_id);
  });
}

std::vector<wire::HaTrouble> Refusals::All(WallMs now) const {
  std::vector<wire::HaTrouble> all;
  MutexLock lock(mutex_);
  for (auto one = refusals_.rbegin(); one != refusals_.rend(); ++one) {
    if (now - one->time_ms < kKeptMs) all.push_back(*one);
  }
  return all;
}

}  // namespace comet::broker
