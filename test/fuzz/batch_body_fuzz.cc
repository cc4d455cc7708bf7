#include "remoting/base/check.h"
#include "remoting/wire/batch_body.h"
#include "test/fuzz/fuzz_target.h"

using namespace comet;

// The elements of a well-formed batch make a batch of the same size and elements.
COMET_FUZZ(std::string_view input) {
  const auto count = wire::CountBatch(input);
  if (!count.ok()) return;
  std::string again;
  wire::BatchElement element;
  wire::BatchReader reader(input);
  while (reader.Next(&element)) wire::AppendBatchElement(element, &again);
  COMET_CHECK_EQ(again.size(), input.size());
  wire::BatchReader first(input), second(again);
  wire::BatchElement other;
  while (first.Next(&element)) {
    COMET_CHECK(second.Next(&other));
    COMET_CHECK(element.flag == other.flag && element.body == other.body &&
                element.properties == other.properties);
  }
  COMET_CHECK(!second.Next(&other) && second.reason().empty());
}
