#include "remoting/base/json.h"

#include <algorithm>

namespace comet {
namespace {

const Json* LastOf(const Json::Object& object, const Json& key) {
  for (auto member = object.rbegin(); member != object.rend(); ++member) {
    if (member->key == key) return &member->value;
  }
  return nullptr;
}

bool Covers(const Json::Object& a, const Json::Object& b) {
  return std::all_of(a.begin(), a.end(), [&](const Json::Member& member) {
    const Json* value = LastOf(b, member.key);
    return value != nullptr && *value == *LastOf(a, member.key);
  });
}

}  // namespace

const Json* Json::Find(std::string_view name) const {
  const Object* object = AsObject();
  if (object == nullptr) return nullptr;
  for (auto member = object->rbegin(); member != object->rend(); ++member) {
    const std::string* key = member->key.AsString();
    if (key != nullptr && *key == name) return &member->value;
  }
  return nullptr;
}

bool Json::operator==(const Json& other) const {
  const Object* object = AsObject();
  const Object* object2 = other.AsObject();
  if (object != nullptr && object2 != nullptr) {
    return Covers(*object, *object2) && Covers(*object2, *object);
  }
  return object == nullptr && object2 == nullptr && value_ == other.value_;
}

}  // namespace comet
