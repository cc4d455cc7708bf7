#include "remoting/wire/properties.h"

namespace comet::wire {
namespace {

constexpr std::size_t kMinPropertyBytes = 3;

// A part between two ends, as a property if it is one.
std::optional<Property> AsProperty(std::string_view part) {
  if (part.size() < kMinPropertyBytes) return std::nullopt;
  const std::size_t name_end = part.find(kNameEnd);
  if (name_end == std::string_view::npos || name_end == 0 || name_end + 1 == part.size()) {
    return std::nullopt;
  }
  return Property{part.substr(0, name_end), part.substr(name_end + 1)};
}

}  // namespace

std::optional<std::string_view> FindProperty(std::string_view text, std::string_view name) {
  std::optional<std::string_view> value;
  PropertyIterator it(text);
  while (const auto property = it.Next()) {
    if (property->name == name) value = property->value;
  }
  return value;
}

bool IsLegalProperty(std::string_view name, std::string_view value) {
  constexpr std::string_view kSeparators("\x01\x02", 2);
  return !name.empty() && !value.empty() &&
         name.find_first_of(kSeparators) == std::string_view::npos &&
         value.find_first_of(kSeparators) == std::string_view::npos;
}

void AppendProperty(std::string_view name, std::string_view value, std::string* text) {
  if (!text->empty() && text->back() != kPropertyEnd) text->push_back(kPropertyEnd);
  text->append(name);
  text->push_back(kNameEnd);
  text->append(value);
  text->push_back(kPropertyEnd);
}

bool RemoveProperty(std::string_view name, std::string* text) {
  bool removed = false;
  std::size_t at = 0;
  while (at < text->size()) {
    const std::size_t end = text->find(kPropertyEnd, at);
    const std::size_t next = end == std::string::npos ? text->size() : end + 1;
    const auto property = AsProperty(std::string_view(*text).substr(at, end - at));
    if (property && property->name == name) {
      text->erase(at, next - at);
      removed = true;
    } else {
      at = next;
    }
  }
  return removed;
}

void SetProperty(std::string_view name, std::string_view value, std::string* text) {
  RemoveProperty(name, text);
  AppendProperty(name, value, text);
}

}  // namespace comet::wire
