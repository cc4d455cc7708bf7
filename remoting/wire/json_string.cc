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

}  // namespace comet::wire
