#include "broker/send_properties.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

namespace property = wire::property;

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

BrokerMarks::BrokerMarks(std::string region_name, bool traced, std::string_view cluster)
    : region(std::move(region_name)), trace_on(traced ? "true" : "false") {
  wire::AppendProperty(property::kRegion, region, &text);
  wire::AppendProperty(property::kTraceOn, trace_on, &text);
  wire::AppendProperty(property::kCluster, cluster, &text);
}

PropertyFacts RewriteProperties(std::string_view sent, const BrokerMarks& marks,
                                std::string* stored) {
  PropertyFacts facts;
  stored->clear();
  // Properties that are stored and stand side by side are copied in one piece.
  std::string_view piece;
  const auto store_piece = [&] {
    stored->append(piece);
    if (!piece.empty()) stored->push_back(wire::kPropertyEnd);
  };
  for (wire::PropertyIterator it(sent); const auto entry = it.Next();) {
    if (!Note(*entry, &facts)) continue;
    const char* const begin = entry->name.data();
    const char* const end = entry->value.data() + entry->value.size();
    if (!piece.empty() && begin == piece.data() + piece.size() + 1) {
      piece = {piece.data(), end};
    } else {
      store_piece();
      piece = {begin, end};
    }
  }
  store_piece();
  stored->append(marks.text);
  return facts;
}

std::optional<std::int64_t> ParseDelay(std::string_view delay) {
  return ParseNumber<std::int64_t>(delay);
}

}  // namespace comet::broker
