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
      switch (property->name.size()) {
        case 4:
          if (property->name == wire::property::kKeys) keys = property->value;
          if (property->name == wire::property::kTags) tags = property->value;
          break;
        case 5:
          if (property->name == wire::property::kDelay) delay = property->value;
          break;
        case 8:
          if (property->name == wire::property::kUniqueKey) unique_key = property->value;
          break;
        default:
          break;
      }
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
