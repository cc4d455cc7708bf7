#include "broker/send_properties.h"

#include "remoting/base/text.h"
#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

namespace property = wire::property;

void Append(std::string_view name, std::string_view value, std::string* text) {
  const auto at = text->size();
  text->resize(at + name.size() + value.size() + 2);
  char* const to = text->data() + at;
  name.copy(to, name.size());
  to[name.size()] = wire::kNameEnd;
  value.copy(to + name.size() + 1, value.size());
  text->back() = wire::kPropertyEnd;
}

// Whether the property is stored; what it says goes to *facts. Names are told apart by their
// length first: most messages have few of these.
bool Note(const wire::Property& entry, PropertyFacts* facts) {
  const auto name = entry.name;
  switch (name.size()) {
    case 4:
      if (name == property::kWait) facts->wait_store = entry.value != "false";
      return true;
    case 5:
      if (name == property::kDelay) facts->delay = entry.value;
      return true;
    case 6:
      return name != property::kPopCk;
    case 7:
      return name != property::kCluster;
    case 8:
      if (name == property::kUniqueKey) facts->unique_key = entry.value;
      if (name == property::kTransaction) facts->transaction = entry.value == "true";
      return name != property::kTraceOn;
    case 9:
      facts->inner_batch |= name == property::kInnerNum;
      return true;
    case 10:
      return name != property::kRegion;
    case 11:
      if (name == property::kRetryTopic) facts->retry_topic = entry.value;
      return true;
    case 14:
    case 15:
    case 16:
      facts->timer |= name == property::kTimerDelayMs || name == property::kTimerDelaySec ||
                      name == property::kTimerDeliverMs;
      return true;
    default:
      return true;
  }
}

}  // namespace

PropertyFacts RewriteProperties(std::string_view sent, const BrokerMarks& marks,
                                std::string* stored) {
  PropertyFacts facts;
  stored->clear();
  for (wire::PropertyIterator it(sent); const auto entry = it.Next();) {
    if (Note(*entry, &facts)) Append(entry->name, entry->value, stored);
  }
  Append(property::kRegion, marks.region, stored);
  Append(property::kTraceOn, marks.trace_on, stored);
  Append(property::kCluster, marks.cluster, stored);
  return facts;
}

std::optional<std::int64_t> ParseDelay(std::string_view delay) {
  return ParseNumber<std::int64_t>(delay);
}

}  // namespace comet::broker
