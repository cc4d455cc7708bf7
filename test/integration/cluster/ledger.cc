#include "ledger.h"

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>

#include "remoting/base/random.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr std::uint32_t kBodyWordsMin = 4, kBodyWordsMore = 360;  // of 8 bytes

std::uint64_t SeedOf(const MessageName& name) {
  return static_cast<std::uint64_t>(name.lane) << 48 | static_cast<std::uint64_t>(name.number);
}

}  // namespace

std::string MessageName::ToString() const {
  return Concat("message ", number, " of lane ", lane);
}

std::string BodyOf(const MessageName& name) {
  Random random(SeedOf(name));
  std::string body = Concat(name.lane, " ", name.number, " ");
  const std::size_t words = kBodyWordsMin + random.Below(kBodyWordsMore);
  const std::size_t start = body.size();
  body.resize(start + words * sizeof(std::uint64_t));
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = random();
    std::memcpy(body.data() + start + i * sizeof(word), &word, sizeof(word));
  }
  return body;
}

MessageName NameIn(std::string_view body) {
  const auto first = body.find(' ');
  const auto second = body.find(' ', first + 1);
  MessageName name;
  if (second != std::string_view::npos) {
    name = {ParseNumber<int>(body.substr(0, first)).value_or(-1),
            ParseNumber<std::int64_t>(body.substr(first + 1, second - first - 1)).value_or(-1)};
  }
  EXPECT_EQ(BodyOf(name), body);
  return name;
}

void Ledger::Note(const MessageName& name, const SendReceipt& receipt) {
  MutexLock lock(mutex_);
  std::int64_t& next = next_[name.lane];
  EXPECT_GE(receipt.offset, next) << name.ToString() << " was stored before its predecessor in "
                                  << receipt.queue.to_string();
  next = receipt.offset + 1;
  told_[receipt.queue.broker].push_back(
      {name, receipt.queue, receipt.offset, receipt.status == SendStatus::ok});
}

void Ledger::Forget(const std::string& broker, const std::function<bool(const Told&)>& lost) {
  MutexLock lock(mutex_);
  auto& told = told_[broker];
  for (const Told& one : told) next_[one.name.lane] = 0;
  std::erase_if(told, lost);
  for (const Told& one : told) {
    next_[one.name.lane] = std::max(next_[one.name.lane], one.offset + 1);
  }
}

std::vector<Ledger::Told> Ledger::Of(const std::string& broker) const {
  MutexLock lock(mutex_);
  const auto found = told_.find(broker);
  return found == told_.end() ? std::vector<Told>() : found->second;
}

std::size_t Ledger::told() const {
  MutexLock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [broker, told] : told_) count += told.size();
  return count;
}

std::size_t Ledger::send_ok() const {
  MutexLock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [broker, told] : told_) {
    count += static_cast<std::size_t>(
        std::count_if(told.begin(), told.end(), [](const Told& one) { return one.send_ok; }));
  }
  return count;
}

}  // namespace comet
