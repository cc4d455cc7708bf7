#include "remoting/base/java_properties.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "remoting/base/text.h"
#include "remoting/base/utf8.h"

namespace comet {
namespace {

constexpr std::size_t kBytesMax = 1 << 20;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\f';
}

std::string_view SkipBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view Trim(std::string_view text) {
  text = SkipBlanks(text);
  while (!text.empty() && (IsBlank(text.back()) || text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// Cuts text into natural lines; LF, CR and CR LF end one.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  int number() const { return number_; }
  std::string_view Next() {
    const auto end = std::min(rest_.find_first_of("\r\n"), rest_.size());
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++number_;
    return line;
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

bool EndsInOpenBackslash(std::string_view line) {
  std::size_t count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

// A logical line: natural lines joined at their trailing backslashes.
std::string JoinContinued(std::string_view line, Lines* lines) {
  std::string joined(line);
  while (EndsInOpenBackslash(joined)) {
    joined.pop_back();
    if (lines->done()) break;
    joined += SkipBlanks(lines->Next());
  }
  return joined;
}

std::optional<char32_t> HexUnit(std::string_view digits) {
  unsigned unit = 0;
  if (digits.size() < 4) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 4, unit, 16);
  if (error != std::errc() || end != digits.data() + 4) return std::nullopt;
  return unit;
}

// Decodes \uXXXX at the front of `text` (behind the backslash), with its second half if any.
std::optional<std::size_t> Unicode(std::string_view text, std::string* out) {
  auto unit = HexUnit(text.substr(1));
  if (!unit) return std::nullopt;
  std::size_t used = 5;
  if (*unit >= 0xd800 && *unit < 0xdc00 && text.substr(5).starts_with("\\u")) {
    const auto low = HexUnit(text.substr(7));
    if (low && *low >= 0xdc00 && *low <= 0xdfff) {
      unit = 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
      used = 11;
    }
  }
  AppendUtf8(*out, *unit >= 0xd800 && *unit <= 0xdfff ? kReplacementCharacter : *unit);
  return used;
}

bool Unescape(std::string_view text, std::string* out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out->push_back(text[i]);
      continue;
    }
    const char c = text[++i];
    if (c == 'u') {
      const auto used = Unicode(text.substr(i), out);
      if (!used) return false;
      i += *used - 1;
    } else {
      out->push_back(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c);
    }
  }
  return true;
}

std::size_t EndOfKey(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] != '=' && line[i] != ':' && !IsBlank(line[i])) {
    i += line[i] == '\\' ? std::size_t{2} : std::size_t{1};
  }
  return std::min(i, line.size());
}

bool Split(std::string_view line, PropertyLine* entry) {
  const auto end = EndOfKey(line);
  auto value = SkipBlanks(line.substr(end));
  const bool marked = !value.empty() && (value.front() == '=' || value.front() == ':');
  if (marked) value = SkipBlanks(value.substr(1));
  entry->has_value = marked || !value.empty();
  std::string raw;
  if (!Unescape(line.substr(0, end), &entry->key) || !Unescape(value, &raw)) return false;
  entry->value = Trim(raw);
  return true;
}

}  // namespace

StatusOr<JavaProperties> ParseJavaProperties(std::string_view text, std::string source) {
  JavaProperties properties{std::move(source), {}};
  if (text.size() > kBytesMax) {
    return Status(Status::Code::kInvalid, Concat(properties.source, ": ", text.size(),
                                                 " bytes, more than the ", kBytesMax, " allowed"));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (Lines lines(text); !lines.done();) {
    const auto first = SkipBlanks(lines.Next());
    if (first.empty() || first.front() == '#' || first.front() == '!') continue;
    PropertyLine entry;
    entry.line = lines.number();
    if (!Split(JoinContinued(first, &lines), &entry)) {
      return Status(Status::Code::kInvalid, Concat(properties.source, ':', entry.line,
                                                   ": \\u is not followed by four hex digits"));
    }
    properties.lines.push_back(std::move(entry));
  }
  return properties;
}

}  // namespace comet
