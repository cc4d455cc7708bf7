#include "console/cli/table.h"

#include <charconv>
#include <ctime>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) ++count;  // not a UTF-8 continuation
  }
  return count;
}

void AppendCell(std::string* line, std::string_view cell, std::size_t width, bool left) {
  const std::size_t have = CountCharacters(cell);
  const std::size_t padding = width > have ? width - have : 0;
  if (!left) line->append(padding, ' ');
  line->append(cell);
  if (left) line->append(padding, ' ');
}

// Adds one to the last digit of a decimal.
void Increment(std::string* decimal) {
  for (std::size_t at = decimal->size(); at-- > 0;) {
    char& c = (*decimal)[at];
    if (c == '-') {
      decimal->insert(1, 1, '1');
      return;
    }
    if (c == '.') continue;
    if (c != '9') {
      ++c;
      return;
    }
    c = '0';
  }
  decimal->insert(0, 1, '1');
}

std::string Padded(int value, std::size_t digits) {
  std::string text = Concat(value);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

}  // namespace

std::string Row(std::string_view pattern, std::initializer_list<std::string> cells) {
  return Row(pattern, std::span<const std::string>(cells.begin(), cells.size()));
}

std::string Row(std::string_view pattern, std::span<const std::string> cells) {
  std::string line;
  auto cell = cells.begin();
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '%') {
      line.push_back(pattern[at++]);
      continue;
    }
    const bool left = pattern[++at] == '-';
    if (left) ++at;
    std::size_t width = 0;
    for (; pattern[at] != 's'; ++at)
      width = width * 10 + static_cast<std::size_t>(pattern[at] - '0');
    ++at;
    COMET_CHECK(cell != cells.end());
    AppendCell(&line, *cell++, width, left);
  }
  COMET_CHECK(cell == cells.end());
  return line;
}

std::string Front(std::string_view text, std::size_t characters) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) continue;
    if (count++ == characters) return std::string(text.substr(0, at));
  }
  return std::string(text);
}

std::string Fixed(double value, int decimals) {
  char digits[400];  // the largest double has 309 digits before the point
  const auto end =
      std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::fixed).ptr;
  std::string text(digits, end);
  if (text.find_first_of("in") != std::string::npos) return text;  // inf, nan
  if (text.find('.') == std::string::npos) text += '.';
  const std::size_t keep = text.find('.') + 1 + static_cast<std::size_t>(decimals);
  const bool up = keep < text.size() && text[keep] >= '5';
  text.resize(keep, '0');
  if (up) Increment(&text);
  if (decimals == 0) text.pop_back();
  return text;
}

std::string HumanTime(std::int64_t epoch_ms) {
  const std::time_t seconds = epoch_ms / 1000 - (epoch_ms % 1000 < 0 ? 1 : 0);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return Concat(epoch_ms);
  return Concat(Padded(local.tm_year + 1900, 4), "-", Padded(local.tm_mon + 1, 2), "-",
                Padded(local.tm_mday, 2), " ", Padded(local.tm_hour, 2), ":",
                Padded(local.tm_min, 2), ":", Padded(local.tm_sec, 2));
}

std::string HumanTimeMs(std::int64_t epoch_ms) {
  const auto ms = static_cast<int>(((epoch_ms % 1000) + 1000) % 1000);
  return Concat(HumanTime(epoch_ms), ",", Padded(ms, 3));
}

}  // namespace comet::cli
