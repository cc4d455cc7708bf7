#include "remoting/wire/json_string.h"

#include <algorithm>
#include <array>

namespace comet::wire {
namespace {

// 0: copied; 'u': \u00XX; anything else: the letter after the backslash.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  std::fill_n(table.begin(), 0x20, 'u');
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

char EscapeOf(char c) {
  return kEscapes[static_cast<unsigned char>(c)];
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

void AppendUnicodeEscape(std::uint32_t code, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const char escape[] = {
      '\\',           'u', kHex[(code >> 12) & 15], kHex[(code >> 8) & 15], kHex[(code >> 4) & 15],
      kHex[code & 15]};
  out->append(escape, sizeof(escape));
}

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  const char* copied = text.data();
  const char* const end = text.data() + text.size();
  for (const char* at = copied; at != end; ++at) {
    const char escape = EscapeOf(*at);
    if (escape == 0) continue;
    out->append(copied, at);
    copied = at + 1;
    if (escape == 'u') {
      AppendUnicodeEscape(static_cast<unsigned char>(*at), out);
    } else {
      out->push_back('\\');
      out->push_back(escape);
    }
  }
  out->append(copied, end);
  out->push_back('"');
}

std::size_t Utf8SequenceBytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0x80   ? 1
                            : lead < 0xC2 ? 0
                            : lead < 0xE0 ? 2
                            : lead < 0xF0 ? 3
                            : lead < 0xF5 ? 4
                                          : 0;
  if (bytes == 0 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(bytes > 1 ? text[1] : 0);
  if (lead == 0xE0 && second < 0xA0) return 0;  // longer than needed
  if (lead == 0xED && second > 0x9F) return 0;  // a surrogate
  if (lead == 0xF0 && second < 0x90) return 0;  // longer than needed
  if (lead == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
  return bytes;
}

}  // namespace comet::wire
