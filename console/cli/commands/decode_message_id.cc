#include <array>
#include <ctime>
#include <optional>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::array kDecodeMessageIdOptions{
    Option{'i', "messageId", Takes::kValue, Must::kRequired,
           "Id that a producer was given, in hexadecimal digits"}};

// Address, process id, class-loader hash, ms since the month began, counter (message_id.h).
constexpr std::size_t kBehindAddress = 2 + 4 + 4 + 2;

std::optional<std::string> BytesOf(std::string_view hex) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    const int high = digit(hex[at]);
    const int low = digit(hex[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::uint32_t Number(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

std::string AddressOf(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (bytes.size() == 4) {
      text += Concat(i == 0 ? "" : ".", int{byte});
    } else {
      if (i != 0 && i % 2 == 0) text += ':';
      text += kHex[byte >> 4U];
      text += kHex[byte & 15U];
    }
  }
  return text;
}

// When the month began, `months` before that of `now_ms`; local time.
std::int64_t MonthStartMs(std::int64_t now_ms, int months) {
  const std::time_t now = now_ms / 1000;
  std::tm local{};
  localtime_r(&now, &local);
  local.tm_mon -= months;
  local.tm_mday = 1;
  local.tm_hour = local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&local)) * 1000;
}

Status RunDecodeMessageId(Context& context, const Arguments& arguments) {
  const std::string id = arguments.Text("messageId");
  const auto bytes = BytesOf(id);
  const std::size_t address_bytes = id.size() == 56 ? 16 : 4;
  if (!bytes || id.size() % 2 != 0 || bytes->size() != address_bytes + kBehindAddress) {
    return Status(Status::Code::kInvalid,
                  Concat("no id of a message: ", id, "; it has 32 or 56 hexadecimal digits"));
  }
  const std::string_view all = *bytes;
  const std::int64_t span_ms = Number(all.substr(address_bytes + 6, 4));
  const std::int64_t now_ms = context.clock.WallNow();
  std::int64_t time_ms = MonthStartMs(now_ms, 0) + span_ms;
  if (time_ms > now_ms) time_ms = MonthStartMs(now_ms, 1) + span_ms;
  std::string date = HumanTimeMs(time_ms);
  date[10] = '#';
  date[19] = ':';
  const std::string address = AddressOf(all.substr(0, address_bytes));
  const std::uint32_t pid = Number(all.substr(address_bytes, 2));
  context.out.Set("ip", Json(address), Concat("ip=", address, "\n"));
  context.out.Set("pid", Json(std::int64_t{pid}), "");
  context.out.Set("timestamp", Json(time_ms), Concat("date=", date, "\n"));
  return {};
}

}  // namespace

constinit const Command kDecodeMessageId{
    .name = "decodeMessageId",
    .summary = "Shows who made the id of a message, and when. Asks nobody.",
    .example = "mqadmin decodeMessageId -i 0A00000137A4018B4AAC04D2A1B20001",
    .options = kDecodeMessageIdOptions,
    .effect = Effect::kReads,
    .run = &RunDecodeMessageId};

}  // namespace comet::cli
