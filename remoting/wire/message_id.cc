#include "remoting/wire/message_id.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"

namespace comet::wire {
namespace {

constexpr std::size_t kIdBytesV4 = 16, kIdBytesV6 = 28;

// Both digits of every byte.
constexpr auto kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return pairs;
}();

char* AppendHex(std::string_view bytes, char* to) {
  for (const char c : bytes) {
    const auto& pair = kHexPairs[static_cast<unsigned char>(c)];
    to = std::copy(pair.begin(), pair.end(), to);
  }
  return to;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool ParseHex(std::string_view text, char* bytes) {
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]), low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *bytes++ = static_cast<char>(high * 16 + low);
  }
  return true;
}

std::string_view IpBytes(const Host& host) {
  return {reinterpret_cast<const char*>(host.ip.data()), host.ip_bytes()};
}

// When the month of that moment began, local time, as RocketMQ's clients count.
WallMs MonthStart(WallMs now) {
  const std::time_t seconds = now / 1000;
  std::tm local{};
  COMET_CHECK(localtime_r(&seconds, &local) != nullptr);
  local.tm_mday = 1;
  local.tm_hour = local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return static_cast<WallMs>(std::mktime(&local)) * 1000;
}

}  // namespace

std::string_view FormatMessageId(const Host& host, std::int64_t log_offset, char* into) {
  char tail[12];
  PutI32(tail, host.port);
  PutI64(tail + 4, log_offset);
  char* const end = AppendHex({tail, sizeof(tail)}, AppendHex(IpBytes(host), into));
  return {into, static_cast<std::size_t>(end - into)};
}

std::string FormatMessageId(const Host& host, std::int64_t log_offset) {
  char chars[kMaxMessageIdChars];
  return std::string(FormatMessageId(host, log_offset, chars));
}

std::optional<MessageId> ParseMessageId(std::string_view text) {
  if (text.size() != 2 * kIdBytesV4 && text.size() != 2 * kIdBytesV6) return std::nullopt;
  char bytes[kIdBytesV6];
  if (!ParseHex(text, bytes)) return std::nullopt;
  MessageId id;
  id.host.v6 = text.size() == 2 * kIdBytesV6;
  const std::size_t ip_bytes = id.host.ip_bytes();
  const std::int32_t port = GetI32(bytes + ip_bytes);
  id.log_offset = GetI64(bytes + ip_bytes + 4);
  if (port < 0 || port > 65535 || id.log_offset < 0) return std::nullopt;
  std::memcpy(id.host.ip.data(), bytes, ip_bytes);
  id.host.port = static_cast<std::uint16_t>(port);
  return id;
}

UniqueIdGenerator::UniqueIdGenerator(const Clock& clock, const Host& client,
                                     std::uint32_t process_id, std::uint32_t instance)
    : clock_(clock), month_start_ms_(MonthStart(clock.WallNow())) {
  std::string bytes(IpBytes(client));
  AppendBigEndian(&bytes, static_cast<std::uint16_t>(process_id));
  AppendBigEndian(&bytes, instance);
  prefix_.resize(bytes.size() * 2);
  AppendHex(bytes, prefix_.data());
}

std::string UniqueIdGenerator::Next() {
  std::string id;
  Append(clock_.WallNow(), &id);
  return id;
}

void UniqueIdGenerator::Append(WallMs now, std::string* to) {
  char tail[6];
  PutBigEndian(tail, static_cast<std::uint32_t>(now - month_start_ms_));
  PutBigEndian(tail + 4,
               static_cast<std::uint16_t>(counter_.fetch_add(1, std::memory_order_relaxed)));
  char digits[2 * sizeof(tail)];
  AppendHex({tail, sizeof(tail)}, digits);
  to->append(prefix_).append(digits, sizeof(digits));
}

}  // namespace comet::wire
