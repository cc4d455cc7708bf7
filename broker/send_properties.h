#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace comet::broker {

// What a broker reads from the properties of a message it is asked to store. Views point into the
// text that was read.
struct PropertyFacts {
  std::string_view unique_key;  // empty: none
  std::string_view delay;       // as sent; empty: none
  std::string_view retry_topic;
  bool transaction = false;  // TRAN_MSG=true
  bool timer = false;        // asks for delivery at a time of its own
  bool inner_batch = false;
  bool wait_store = true;  // WAIT=false: the answer need not wait for the disk
};

// What every stored message gets from this broker: the same for all, so encoded once.
struct BrokerMarks {
  BrokerMarks() = default;
  BrokerMarks(std::string region, bool trace_on, std::string_view cluster);

  std::string region, trace_on;  // of which answers tell, too
  std::string text;              // as properties
};

// Reads the properties once and writes them to *stored as they are to be stored: POP_CK is left
// out, the broker's marks replace what the client sent under these names, malformed parts are
// dropped. Appends nothing else. *stored is cleared first; it keeps its
// memory, so a loop that uses one string for all messages does not allocate.
PropertyFacts RewriteProperties(std::string_view sent, const BrokerMarks& marks,
                                std::string* stored);

// The delay level a property text asks for; nothing when it is no number.
std::optional<std::int64_t> ParseDelay(std::string_view delay);

}  // namespace comet::broker
