#include "remoting/wire/header_json.h"

#define SIMDJSON_EXCEPTIONS 0  // errors are values here: the throwing conversions are not there
#include <simdjson.h>

#include <limits>

#include "remoting/base/text.h"
#include "remoting/wire/json_repair.h"

namespace comet::wire {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

static_assert(kReadPadding >= simdjson::SIMDJSON_PADDING);

std::string_view TrimRight(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last + 1);
}

error_code CheckNull(ondemand::value value) {
  bool is_null = false;
  if (const auto error = value.is_null().get(is_null)) return error;
  return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
}

error_code Walk(ondemand::value value);

error_code WalkObject(ondemand::object& object) {
  for (auto result : object) {
    ondemand::field field;
    std::string_view key;
    if (const auto error = std::move(result).get(field)) return error;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (const auto error = Walk(field.value())) return error;
  }
  return simdjson::SUCCESS;
}

error_code WalkArray(ondemand::array& array) {
  for (auto result : array) {
    ondemand::value element;
    if (const auto error = std::move(result).get(element)) return error;
    if (const auto error = Walk(element)) return error;
  }
  return simdjson::SUCCESS;
}

// A number or truth value as it is spelled.
error_code ScalarText(ondemand::value value, bool is_number, std::string_view* text) {
  const std::string_view token = TrimRight(value.raw_json_token());
  bool truth = false;
  double number = 0;
  const error_code error = is_number ? value.get_double().get(number) : value.get_bool().get(truth);
  *text = token;
  return error;
}

// The text of a value: of a string what it means, of anything else how it is spelled; absent
// for null. The parser checks only what it is made to read, and behind something malformed it
// would go on into bytes that are not the header's; so all of a nested value is walked.
error_code TextOf(ondemand::value value, std::optional<std::string_view>* text) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::string:
      return value.get_string().get(text->emplace());
    case ondemand::json_type::null:
      return CheckNull(value);
    case ondemand::json_type::object: {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      if (const auto error = WalkObject(object)) return error;
      if (const auto error = object.reset().error()) return error;
      return object.raw_json().get(text->emplace());
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      if (const auto error = WalkArray(array)) return error;
      if (const auto error = array.reset().error()) return error;
      return array.raw_json().get(text->emplace());
    }
    case ondemand::json_type::boolean:
      return ScalarText(value, false, &text->emplace());
    case ondemand::json_type::number:
      return ScalarText(value, true, &text->emplace());
  }
  return simdjson::INCORRECT_TYPE;
}

error_code Walk(ondemand::value value) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return WalkObject(object);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return WalkArray(array);
  }
  std::optional<std::string_view> text;
  return TextOf(value, &text);
}

// In these three the common type is tried in place: handing a value to a function copies it
// through memory at a moment that stalls the processor, and doubles the time of a header.

inline error_code ReadExt(ondemand::value value, Head* head) {
  head->ext.Clear();
  head->has_ext = false;
  ondemand::object members;
  if (const auto error = value.get_object().get(members)) {
    return CheckNull(value) == simdjson::SUCCESS ? simdjson::SUCCESS : error;
  }
  head->has_ext = true;
  for (auto result : members) {
    ondemand::field field;
    std::string_view key;
    std::string_view text;
    if (const auto error = std::move(result).get(field)) return error;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (field.value().get_string().get(text) != simdjson::SUCCESS) {
      std::optional<std::string_view> other;
      if (const auto error = TextOf(field.value(), &other)) return error;
      if (!other) continue;
      text = *other;
    }
    if (head->ext.size() == ExtFields::kMax) return simdjson::CAPACITY;
    head->ext.Add(key, text);
  }
  return simdjson::SUCCESS;
}

// A number, or a string holding one, as Java's reader takes it. null leaves the default.
inline error_code ReadNumber(ondemand::value value, std::int32_t* number) {
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) == simdjson::SUCCESS) {
    *number = static_cast<std::int32_t>(integer);
    return *number == integer ? simdjson::SUCCESS : simdjson::NUMBER_OUT_OF_RANGE;
  }
  std::optional<std::string_view> text;
  if (const auto error = TextOf(value, &text)) return error;
  if (!text) return simdjson::SUCCESS;
  const auto parsed = ParseNumber<std::int32_t>(*text);
  if (!parsed) return simdjson::NUMBER_OUT_OF_RANGE;
  *number = *parsed;
  return simdjson::SUCCESS;
}

inline error_code ReadLanguage(ondemand::value value, Language* language) {
  std::string_view name;
  if (value.get_string().get(name) == simdjson::SUCCESS) {
    *language = LanguageFromName(name);
    return simdjson::SUCCESS;
  }
  std::optional<std::string_view> text;
  if (const auto error = TextOf(value, &text)) return error;
  if (!text) return simdjson::SUCCESS;
  const auto number = ParseNumber<std::int64_t>(*text);
  *language = number ? LanguageFromNumber(*number) : Language::kUnknown;
  return simdjson::SUCCESS;
}

inline error_code ReadMember(std::string_view key, ondemand::value value, Head* head) {
  if (key == "extFields") return ReadExt(value, head);
  if (key == "code") return ReadNumber(value, &head->code);
  if (key == "opaque") return ReadNumber(value, &head->opaque);
  if (key == "flag") return ReadNumber(value, &head->flag);
  if (key == "version") return ReadNumber(value, &head->version);
  if (key == "language") return ReadLanguage(value, &head->language);
  if (key == "remark") {
    head->remark.reset();
    return TextOf(value, &head->remark);
  }
  // serializeTypeCurrentRPC, and what we do not know.
  std::string_view ignored;
  return value.get_string().get(ignored) == simdjson::SUCCESS ? simdjson::SUCCESS : Walk(value);
}

error_code Parse(ondemand::parser& parser, simdjson::padded_string_view text, Head* head) {
  ondemand::document document;
  ondemand::object members;
  if (const auto error = parser.iterate(text).get(document)) return error;
  if (const auto error = document.get_object().get(members)) return error;
  for (auto result : members) {
    ondemand::field field;
    std::string_view key;
    if (const auto error = std::move(result).get(field)) return error;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (const auto error = ReadMember(key, field.value(), head)) return error;
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

// What strict JSON refuses and Java's reader does not.
bool IsRepairable(error_code error) {
  return error == simdjson::UNESCAPED_CHARS || error == simdjson::UTF8_ERROR ||
         error == simdjson::STRING_ERROR;
}

void Reset(Head* head) {
  head->form = HeaderForm::kJson;
  head->code = 0;
  head->language = Language::kJava;
  head->version = 0;
  head->opaque = 0;
  head->flag = 0;
  head->remark.reset();
  head->has_ext = false;
  head->ext.Clear();
}

}  // namespace

class JsonHeadDecoder::Impl {
 public:
  error_code Decode(std::string_view header, std::size_t readable_after, Head* head) {
    if (readable_after < simdjson::SIMDJSON_PADDING) header = Padded(&copy_, header);
    const error_code error = Parse(parser_, View(header), head);
    if (!IsRepairable(error)) return error;
    Reset(head);
    RepairJson(header, &repaired_);
    return Parse(parser_, View(Padded(&copy_, repaired_)), head);
  }

 private:
  static simdjson::padded_string_view View(std::string_view text) {
    return simdjson::padded_string_view(text.data(), text.size(),
                                        text.size() + simdjson::SIMDJSON_PADDING);
  }
  static std::string_view Padded(std::string* into, std::string_view text) {
    into->resize(text.size() + simdjson::SIMDJSON_PADDING);
    text.copy(into->data(), text.size());
    return {into->data(), text.size()};
  }

  ondemand::parser parser_;
  std::string copy_;
  std::string repaired_;
};

JsonHeadDecoder::JsonHeadDecoder() : impl_(std::make_unique<Impl>()) {}
JsonHeadDecoder::~JsonHeadDecoder() = default;

Status JsonHeadDecoder::Decode(std::string_view header, std::size_t readable_after, Head* head) {
  Reset(head);
  const error_code error = impl_->Decode(header, readable_after, head);
  if (error == simdjson::SUCCESS) return {};
  return {Status::Code::kCorruption,
          Concat("JSON header: ", std::string_view(simdjson::error_message(error)))};
}

}  // namespace comet::wire
