#include "console/cli/pretty_json.h"

#include "remoting/base/json_writer.h"

namespace comet::cli {
namespace {

void Append(std::string* out, const Json& value, std::size_t depth);

void NewLine(std::string* out, std::size_t depth) {
  out->push_back('\n');
  out->append(depth, '\t');
}

void AppendObject(std::string* out, const Json::Object& object, std::size_t depth) {
  out->push_back('{');
  bool first = true;
  for (const Json::Member& member : object) {
    if (!first) out->push_back(',');
    first = false;
    NewLine(out, depth + 1);
    AppendJson(out, member.key, JsonStyle::kFastjson);
    out->push_back(':');
    Append(out, member.value, depth + 1);
  }
  if (!first) NewLine(out, depth);
  out->push_back('}');
}

void AppendArray(std::string* out, const Json::Array& array, std::size_t depth) {
  out->push_back('[');
  bool first = true;
  for (const Json& item : array) {
    if (!first) out->push_back(',');
    first = false;
    NewLine(out, depth + 1);
    Append(out, item, depth + 1);
  }
  if (!first) NewLine(out, depth);
  out->push_back(']');
}

void Append(std::string* out, const Json& value, std::size_t depth) {
  if (const auto* object = value.AsObject()) return AppendObject(out, *object, depth);
  if (const auto* array = value.AsArray()) return AppendArray(out, *array, depth);
  AppendJson(out, value, JsonStyle::kFastjson);
}

}  // namespace

std::string PrettyJson(const Json& value) {
  std::string text;
  Append(&text, value, 0);
  return text;
}

}  // namespace comet::cli
