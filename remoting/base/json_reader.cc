#include <charconv>
#include <cmath>
#include <optional>

#include "remoting/base/json.h"
#include "remoting/base/json_reference.h"
#include "remoting/base/text.h"
#include "remoting/base/utf8.h"

namespace comet {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsIdentifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Recursive descent. Every function returns false after Fail, and moves behind what it read.
class Reader {
 public:
  Reader(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  StatusOr<Json> Read() {
    Json root;
    if (text_.size() > limits_.bytes) {
      return Status(Status::Code::kInvalid,
                    Concat("JSON of ", text_.size(), " bytes, more than ", limits_.bytes));
    }
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    bool good = SkipBlanks();
    if (good && at_ < text_.size()) good = Value(&root, 0) && SkipBlanks();
    if (good && at_ < text_.size()) good = Fail("text behind the value");
    if (!good) return Status(Status::Code::kInvalid, Concat("JSON at byte ", at_, ": ", why_));
    if (has_references_) COMET_TRY(ResolveJsonReferences(&root, limits_, nodes_));
    return root;
  }

 private:
  bool Fail(std::string_view why) {
    why_ = why;
    return false;
  }

  bool Eat(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // Blanks and comments.
  bool SkipBlanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || (c >= '\t' && c <= '\r') || c == '\b') {
        ++at_;
      } else if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return Fail("comment without an end");
        at_ = end + 2;
      } else {
        return true;
      }
    }
    return true;
  }

  bool Value(Json* out, std::size_t depth) {
    if (++nodes_ > limits_.nodes) return Fail("too many values");
    if (depth > limits_.depth) return Fail("nested too deeply");
    const char c = Peek();
    if (c == '{') return Object(out, depth);
    if (c == '[') return Array(out, depth);
    if (c == '"' || c == '\'') {
      std::string text;
      if (!String(&text)) return false;
      *out = Json(std::move(text));
      return true;
    }
    if (IsDigit(c) || c == '-' || c == '+' || c == '.') return Number(out);
    return Word(out);
  }

  bool Array(Json* out, std::size_t depth) {
    Json::Array items;
    ++at_;
    for (;;) {
      if (!SkipBlanks()) return false;
      if (Eat(']')) break;
      if (!Value(&items.emplace_back(), depth + 1) || !SkipBlanks()) return false;
      if (!Eat(',') && Peek() != ']') return Fail("expected , or ]");
    }
    *out = Json(std::move(items));
    return true;
  }

  bool Object(Json* out, std::size_t depth) {
    Json::Object members;
    ++at_;
    for (;;) {
      if (!SkipBlanks()) return false;
      if (Eat('}')) break;
      auto& member = members.emplace_back();
      if (!Key(&member.key, depth + 1) || !SkipBlanks()) return false;
      if (!Eat(':')) return Fail("expected :");
      if (!SkipBlanks() || !Value(&member.value, depth + 1) || !SkipBlanks()) return false;
      if (!Eat(',') && Peek() != '}') return Fail("expected , or }");
    }
    *out = Json(std::move(members));
    has_references_ = has_references_ || JsonReferencePath(*out) != nullptr;
    return true;
  }

  bool Key(Json* out, std::size_t depth) {
    const char c = Peek();
    if (c == '{' || c == '"' || c == '\'' || IsDigit(c) || c == '-') return Value(out, depth);
    if (++nodes_ > limits_.nodes) return Fail("too many values");
    const auto name = Identifier();
    if (name.empty()) return Fail("expected a member name");
    *out = name == "true"    ? Json(true)
           : name == "false" ? Json(false)
           : name == "null"  ? Json()
                             : Json(std::string(name));
    return true;
  }

  std::string_view Identifier() {
    const auto begin = at_;
    while (at_ < text_.size() && IsIdentifier(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool Word(Json* out) {
    const auto begin = at_;
    const auto word = Identifier();
    if (word == "true" || word == "false") {
      *out = Json(word == "true");
    } else if (word == "null" || word == "NaN" || word == "undefined") {
      *out = Json();
    } else {
      at_ = begin;
      return Fail("expected a value");
    }
    return true;
  }

  bool Number(Json* out) {
    const auto begin = at_;
    if (Peek() == '+') ++at_;
    const auto first = at_;
    while (IsDigit(Peek()) || Peek() == '-' || Peek() == '+' || Peek() == '.' || Peek() == 'e' ||
           Peek() == 'E') {
      ++at_;
    }
    const auto text = text_.substr(first, at_ - first);
    if (const auto whole = ParseNumber<std::int64_t>(text)) {
      *out = Json(*whole);
      return true;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      at_ = begin;
      return Fail("malformed number");
    }
    *out = Json(value);
    return true;
  }

  bool String(std::string* out) {
    const char quote = text_[at_++];
    for (;;) {
      const auto begin = at_;
      while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\\') ++at_;
      out->append(text_.substr(begin, at_ - begin));
      if (at_ >= text_.size()) return Fail("string without an end");
      if (text_[at_++] == quote) return true;
      if (!Escape(out)) return false;
    }
  }

  // Behind the backslash.
  bool Escape(std::string* out) {
    constexpr std::string_view kNames = "\"'\\/bfnrtv";
    constexpr std::string_view kMeanings = "\"'\\/\b\f\n\r\t\v";
    if (at_ >= text_.size()) return Fail("string without an end");
    const char c = text_[at_++];
    const auto known = kNames.find(c);
    if (known != std::string_view::npos) {
      out->push_back(kMeanings[known]);
    } else if (c >= '0' && c <= '7') {
      out->push_back(static_cast<char>(c - '0'));
    } else if (c == 'x' || c == 'u') {
      return Unit(c == 'x' ? 2 : 4, out);
    } else {
      return Fail("unknown escape in a string");
    }
    return true;
  }

  std::optional<char32_t> Hex(std::size_t digits) {
    unsigned value = 0;
    const auto text = text_.substr(at_, digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc() || end != text.data() + digits) return std::nullopt;
    at_ += digits;
    return value;
  }

  bool Unit(std::size_t digits, std::string* out) {
    const auto unit = Hex(digits);
    if (!unit) return Fail("expected hex digits");
    if (*unit < 0xd800 || *unit > 0xdfff) {
      AppendUtf8(*out, *unit);
      return true;
    }
    if (*unit < 0xdc00 && text_.substr(at_, 2) == "\\u") {
      const auto before = at_;
      at_ += 2;
      const auto low = Hex(4);
      if (low && *low >= 0xdc00 && *low <= 0xdfff) {
        AppendUtf8(*out, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
        return true;
      }
      at_ = before;
    }
    out->push_back('?');
    return true;
  }

  const std::string_view text_;
  const JsonLimits limits_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  bool has_references_ = false;
  std::string_view why_;
};

}  // namespace

StatusOr<Json> ParseJson(std::string_view text, const JsonLimits& limits) {
  return Reader(text, limits).Read();
}

}  // namespace comet
