#include "console/cli/output.h"

#include <vector>

#include "console/cli/table.h"
#include "remoting/base/check.h"
#include "remoting/base/json_writer.h"

namespace comet::cli {
namespace {

// Java's JSON has integers and objects as member names; anybody else's has not.
void QuoteNames(Json* value) {
  if (Json::Array* array = value->AsArray()) {
    for (Json& item : *array) QuoteNames(&item);
  } else if (Json::Object* object = value->AsObject()) {
    for (Json::Member& member : *object) {
      if (member.key.AsString() == nullptr) {
        std::string name;
        AppendJson(&name, member.key, JsonStyle::kFastjson);
        member.key = Json(std::move(name));
      }
      QuoteNames(&member.value);
    }
  }
}

}  // namespace

Cell Shortened(const std::string& text, std::size_t characters) {
  return {Front(text, characters), Json(text)};
}

Cell Decimal(double value, int decimals) {
  return {Fixed(value, decimals), Json(value)};
}

Cell Moment(std::int64_t epoch_ms) {
  return {HumanTime(epoch_ms), Json(epoch_ms)};
}

Cell MomentMs(std::int64_t epoch_ms) {
  return {HumanTimeMs(epoch_ms), Json(epoch_ms)};
}

Json Record(std::initializer_list<Field> fields) {
  Json::Object object;
  for (const Field& field : fields) {
    object.push_back({Json(std::string(field.name)), field.value.value});
  }
  return Json(std::move(object));
}

Json Strings(std::span<const std::string> texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return Json(std::move(array));
}

Json StringMap(const std::map<std::string, std::string>& table) {
  Json::Object object;
  for (const auto& [key, value] : table) object.push_back({Json(key), Json(value)});
  return Json(std::move(object));
}

Json Parsed(std::string_view json) {
  auto value = ParseJson(json);
  if (!value.ok()) return Json();
  QuoteNames(&*value);
  return value.Take();
}

void Output::Say(std::string_view text) {
  if (!json()) stream_ << text;
}

void Output::Begin(const TableForm& table) {
  if (json()) {
    ListAt(table.list);
    return;
  }
  if (table.head_pattern.empty()) return;
  std::vector<std::string> heads;
  for (const Column& column : table.columns) heads.emplace_back(column.head);
  stream_ << Row(table.head_pattern, heads);
}

void Output::Add(const TableForm& table, std::initializer_list<Cell> cells) {
  COMET_CHECK(cells.size() == table.columns.size());
  if (!json()) {
    std::vector<std::string> texts;
    for (const Cell& cell : cells) texts.push_back(cell.text);
    stream_ << Row(table.line_pattern, texts);
    return;
  }
  Json::Object row;
  auto column = table.columns.begin();
  for (const Cell& cell : cells) {
    row.push_back({Json(std::string(column++->json)), cell.value});
  }
  ListAt(table.list).emplace_back(std::move(row));
}

void Output::Set(std::string_view name, Json value, std::string_view text) {
  if (json()) {
    MemberAt(name) = std::move(value);
  } else {
    stream_ << text;
  }
}

void Output::SetAll(Json document, std::string_view text) {
  if (!json()) {
    stream_ << text;
    return;
  }
  COMET_CHECK(document_.IsNull());
  document_ = std::move(document);
}

void Output::Append(std::string_view list, Json value, std::string_view text) {
  if (json()) {
    ListAt(list).push_back(std::move(value));
  } else {
    stream_ << text;
  }
}

Json& Output::MemberAt(std::string_view name) {
  if (document_.IsNull()) document_ = Json(Json::Object());
  Json::Object* object = document_.AsObject();
  COMET_CHECK(object != nullptr);
  for (Json::Member& member : *object) {
    if (*member.key.AsString() == name) return member.value;
  }
  return object->emplace_back(Json::Member{Json(std::string(name)), Json()}).value;
}

Json::Array& Output::ListAt(std::string_view name) {
  Json& list = name.empty() ? document_ : MemberAt(name);
  if (list.IsNull()) list = Json(Json::Array());
  COMET_CHECK(list.AsArray() != nullptr);
  return *list.AsArray();
}

void Output::EndRound() {
  if (json()) {
    std::string text;
    AppendJson(&text, document_.IsNull() ? Json(Json::Object()) : document_, JsonStyle::kFastjson);
    stream_ << text << '\n';
    document_ = Json();
    ended_a_round_ = true;
  }
  stream_.flush();
}

Status Output::Finish(bool failed) {
  const bool nothing = document_.IsNull() && (failed || ended_a_round_);
  if (json() && !nothing) EndRound();
  stream_.flush();
  if (stream_) return {};
  return Status(Status::Code::kIo, "the output could not be written");
}

}  // namespace comet::cli
