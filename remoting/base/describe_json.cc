#include "remoting/base/describe_json.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "remoting/base/text.h"

namespace comet::json {
namespace {

// fastjson treats these texts as null where a number or truth value belongs.
bool MeansNull(const std::string& text) {
  return text.empty() || text == "null" || text == "NULL";
}

bool SameLeniently(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  const auto skip = [](std::string_view text, std::size_t* at) {
    while (*at < text.size() && (text[*at] == '_' || text[*at] == '-')) ++*at;
  };
  for (;;) {
    skip(a, &i), skip(b, &j);
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (LowerAscii(a[i++]) != LowerAscii(b[j++])) return false;
  }
}

const Row* FindRow(std::string_view name, std::span<const Row> rows) {
  for (const auto& row : rows) {
    if (row.key == name || (!row.alias.empty() && row.alias == name)) return &row;
  }
  for (const auto& row : rows) {
    if (SameLeniently(row.key, name)) return &row;
  }
  return nullptr;
}

std::optional<double> ParseDouble(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;  // "nan" and "inf" are no JSON
  return value;
}

// Cut towards zero, as a Java cast; nothing when it does not fit.
std::optional<std::int64_t> Truncate(double value) {
  constexpr double kLimit = 9223372036854775808.0;
  if (!(value >= -kLimit && value < kLimit)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> IntegerOf(const Json& value) {
  if (const auto* integer = value.AsInteger()) return *integer;
  if (const auto* truth = value.AsBool()) return *truth ? 1 : 0;
  if (const auto* number = value.AsDouble()) return Truncate(*number);
  if (const auto* text = value.AsString()) return ParseNumber<std::int64_t>(*text);
  return std::nullopt;
}

}  // namespace

bool Trouble::Is(std::string_view why) {
  why_ = why;
  return false;
}

bool Trouble::In(std::string_view member) {
  const bool joined = path_.empty() || path_.front() == '[';
  path_.insert(0, Concat(member, joined ? "" : "."));
  return false;
}

bool Trouble::At(std::size_t index) {
  const bool joined = path_.empty() || path_.front() == '[';
  path_.insert(0, Concat('[', index, joined ? "]" : "]."));
  return false;
}

Status Trouble::ToStatus() const {
  constexpr std::size_t kPathMax = 200;  // keys come from outside and may be long
  return {Status::Code::kInvalid, path_.empty()
                                      ? Concat("JSON: ", why_)
                                      : Concat("JSON: ", path_.substr(0, kPathMax), ": ", why_)};
}

bool ReadMembers(const Json& value, std::span<const Row> rows, void* object, Trouble* trouble) {
  const auto* members = value.AsObject();
  if (members == nullptr) return trouble->Is("not an object");
  std::uint64_t seen = 0;
  for (const auto& member : *members) {
    const auto* name = member.key.AsString();
    const Row* row = name == nullptr ? nullptr : FindRow(*name, rows);
    if (row == nullptr) continue;
    if (!row->read(member.value, object, trouble)) return trouble->In(row->key);
    if (!member.value.IsNull()) seen |= std::uint64_t{1} << ((row - rows.data()) & 63);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].required && (seen >> (i & 63) & 1) == 0) {
      trouble->Is("missing");
      return trouble->In(rows[i].key);
    }
  }
  return true;
}

void WriteMembers(std::string* out, std::span<const Row> rows, const void* object,
                  JsonStyle style) {
  out->push_back('{');
  bool first = true;
  for (const auto& row : rows) {
    if (row.absent(object)) continue;
    if (!std::exchange(first, false)) out->push_back(',');
    AppendJsonString(out, row.key, style);
    out->push_back(':');
    row.write(out, object, style);
  }
  out->push_back('}');
}

bool Read(const Json& value, bool* out, Trouble* trouble) {
  if (value.IsNull()) return true;
  if (const auto* truth = value.AsBool()) {
    *out = *truth;
    return true;
  }
  if (const auto* integer = value.AsInteger()) {
    *out = *integer == 1;
    return true;
  }
  const auto* text = value.AsString();
  if (text == nullptr) return trouble->Is("not true or false");
  if (MeansNull(*text)) return true;
  const bool yes = EqualIgnoringCase(*text, "true") || *text == "1" || *text == "Y" || *text == "T";
  const bool no = EqualIgnoringCase(*text, "false") || *text == "0" || *text == "N" || *text == "F";
  if (!yes && !no) return trouble->Is("not true or false");
  *out = yes;
  return true;
}

bool ReadInteger(const Json& value, std::int64_t low, std::int64_t high, std::int64_t* out,
                 Trouble* trouble) {
  if (value.IsNull()) return true;
  const auto* text = value.AsString();
  if (text != nullptr && MeansNull(*text)) return true;
  const auto integer = IntegerOf(value);
  if (!integer) return trouble->Is("not a whole number");
  if (*integer < low || *integer > high) return trouble->Is("number out of range");
  *out = *integer;
  return true;
}

bool Read(const Json& value, std::int64_t* out, Trouble* trouble) {
  return ReadInteger(value, std::numeric_limits<std::int64_t>::min(),
                     std::numeric_limits<std::int64_t>::max(), out, trouble);
}

bool Read(const Json& value, double* out, Trouble* trouble) {
  if (value.IsNull()) return true;
  std::optional<double> number;
  if (const auto* real = value.AsDouble()) number = *real;
  if (const auto* integer = value.AsInteger()) number = static_cast<double>(*integer);
  if (const auto* text = value.AsString()) {
    if (MeansNull(*text)) return true;
    number = ParseDouble(*text);
  }
  if (!number) return trouble->Is("not a number");
  *out = *number;
  return true;
}

bool Read(const Json& value, std::string* out, Trouble* /*trouble*/) {
  if (value.IsNull()) return true;
  if (const auto* text = value.AsString()) {
    *out = *text;
  } else {
    out->clear();
    AppendJson(out, value, JsonStyle::kFastjson);
  }
  return true;
}

StatusOr<Json> ObjectKey(const Json& key) {
  if (key.AsObject() != nullptr) return key;
  if (const auto* text = key.AsString()) return ParseJson(*text);
  return Status(Status::Code::kInvalid, "not an object");
}

}  // namespace comet::json
