#include "remoting/base/json_reference.h"

#include <algorithm>

#include "remoting/base/text.h"

namespace comet {
namespace {

struct Extent {
  std::size_t nodes = 1;
  std::size_t depth = 0;
};

Extent Measure(const Json& value) {
  Extent extent;
  const auto include = [&](const Json& child) {
    const Extent inner = Measure(child);
    extent.nodes += inner.nodes;
    extent.depth = std::max(extent.depth, inner.depth + 1);
  };
  if (const auto* array = value.AsArray()) {
    for (const auto& item : *array) include(item);
  } else if (const auto* object = value.AsObject()) {
    for (const auto& member : *object) include(member.key), include(member.value);
  }
  return extent;
}

// Takes ".name", "['name']" or "[7]" off the front of the path; false when it is none of them.
bool TakeStep(std::string_view* path, std::string* name) {
  name->clear();
  if (path->starts_with('[')) {
    const auto close = path->find(']');
    if (close == std::string_view::npos) return false;
    auto inside = path->substr(1, close - 1);
    path->remove_prefix(close + 1);
    const bool quoted = inside.size() >= 2 && (inside[0] == '\'' || inside[0] == '"');
    *name = quoted ? inside.substr(1, inside.size() - 2) : inside;
    return true;
  }
  if (!path->starts_with('.')) return false;
  std::size_t i = 1;
  for (; i < path->size() && (*path)[i] != '.' && (*path)[i] != '['; ++i) {
    if ((*path)[i] == '\\' && i + 1 < path->size()) ++i;
    name->push_back((*path)[i]);
  }
  path->remove_prefix(i);
  return true;
}

Json* Child(Json* value, const std::string& name) {
  if (auto* array = value->AsArray()) {
    const auto index = ParseNumber<std::size_t>(name);
    return index && *index < array->size() ? &(*array)[*index] : nullptr;
  }
  auto* object = value->AsObject();
  if (object == nullptr) return nullptr;
  const auto number = ParseNumber<std::int64_t>(name);
  for (auto member = object->rbegin(); member != object->rend(); ++member) {
    const auto* text = member->key.AsString();
    const auto* integer = member->key.AsInteger();
    if ((text != nullptr && *text == name) || (integer != nullptr && number == *integer)) {
      return &member->value;
    }
  }
  return nullptr;
}

Json* Locate(Json* root, std::string_view path) {
  if (!path.starts_with('$')) return nullptr;
  path.remove_prefix(1);
  std::string name;
  while (root != nullptr && !path.empty()) {
    if (!TakeStep(&path, &name)) return nullptr;
    root = Child(root, name);
  }
  return root;
}

class Resolver {
 public:
  Resolver(Json* root, const JsonLimits& limits, std::size_t nodes)
      : root_(root), limits_(limits), nodes_(nodes) {}

  Status Walk(Json* value) {
    // A reference is followed from where it stands, so this also bounds chains of them.
    if (around_.size() > 2 * limits_.depth) return Error("references nested too deeply");
    around_.push_back(value);
    const std::string* path = JsonReferencePath(*value);
    COMET_TRY(path != nullptr ? Replace(value, *path) : WalkChildren(value));
    around_.pop_back();
    return {};
  }

 private:
  static Status Error(std::string why) { return {Status::Code::kInvalid, std::move(why)}; }

  Status WalkChildren(Json* value) {
    if (auto* array = value->AsArray()) {
      for (auto& item : *array) COMET_TRY(Walk(&item));
    } else if (auto* object = value->AsObject()) {
      for (auto& member : *object) {
        COMET_TRY(Walk(&member.key));
        COMET_TRY(Walk(&member.value));
      }
    }
    return {};
  }

  Status Replace(Json* value, const std::string& path) {
    if (path == "@" || path == "..") return Error("JSON reference to an object around itself");
    Json* target = Locate(root_, path);
    if (target == nullptr) return Error(Concat("JSON reference to nothing: ", path));
    if (std::find(around_.begin(), around_.end(), target) != around_.end()) {
      return Error(Concat("JSON reference to an object around itself: ", path));
    }
    COMET_TRY(Walk(target));
    const Extent extent = Measure(*target);
    nodes_ += extent.nodes;
    if (nodes_ > limits_.nodes) return Error("JSON references name too many values");
    if (around_.size() + extent.depth > limits_.depth) return Error("references nested too deeply");
    Json copy = *target;  // which may lie inside of `value`
    *value = std::move(copy);
    return {};
  }

  Json* const root_;
  const JsonLimits limits_;
  std::size_t nodes_;
  std::vector<const Json*> around_;  // from the root, or a reference, to here
};

}  // namespace

const std::string* JsonReferencePath(const Json& value) {
  const auto* object = value.AsObject();
  if (object == nullptr) return nullptr;
  const Json::Member* only = nullptr;
  for (const auto& member : *object) {
    if (member.value.IsNull()) continue;
    if (only != nullptr) return nullptr;
    only = &member;
  }
  const auto* name = only == nullptr ? nullptr : only->key.AsString();
  return name != nullptr && *name == "$ref" ? only->value.AsString() : nullptr;
}

Status ResolveJsonReferences(Json* root, const JsonLimits& limits, std::size_t nodes) {
  return Resolver(root, limits, nodes).Walk(root);
}

}  // namespace comet
