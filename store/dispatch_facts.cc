#include "store/dispatch_facts.h"

#include "remoting/wire/flags.h"
#include "remoting/wire/properties.h"

namespace comet::store {
namespace {

// What queue and index want to know of the properties, found in one walk.
struct Facts {
  std::string_view unique_key, keys, tags, delay;

  explicit Facts(std::string_view properties) {
    for (wire::PropertyIterator it(properties); const auto property = it.Next();) {
      if (std::string_view* const wanted = Wanted(property->name)) {
        // Field by field: one load of both, right behind their two stores, would stall.
        *wanted = {property->value.data(), property->value.size()};
      }
    }
  }

 private:
  std::string_view* Wanted(std::string_view name) {
    switch (name.size()) {
      case wire::property::kKeys.size():
        static_assert(wire::property::kKeys.size() == wire::property::kTags.size());
        if (name == wire::property::kKeys) return &keys;
        return name == wire::property::kTags ? &tags : nullptr;
      case wire::property::kDelay.size():
        return name == wire::property::kDelay ? &delay : nullptr;
      case wire::property::kUniqueKey.size():
        return name == wire::property::kUniqueKey ? &unique_key : nullptr;
      default:
        return nullptr;
    }
  }
};

}  // namespace

DispatchFacts DispatchFactsOf(std::string_view topic, std::int32_t sys_flag,
                              std::string_view properties, const DelayTable& delays) {
  const Facts facts(properties);
  DispatchFacts found;
  found.tags = TagsCodeOf(topic, facts.tags, facts.delay, delays);
  found.keys = HashKeys(topic, facts.unique_key, facts.keys);
  found.transaction =
      static_cast<TransactionKind>((sys_flag & wire::sys_flag::kTransactionMask) >> 2);
  return found;
}

}  // namespace comet::store
