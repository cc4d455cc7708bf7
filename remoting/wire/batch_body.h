#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"

namespace comet::wire {

// The body of a batch send: elements of total size i32, magic i32 (0), crc i32 (0), flag i32,
// body length i32 + body, property length i16 + properties, one after the other.
struct BatchElement {
  std::int32_t flag = 0;
  std::string_view body;
  std::string_view properties;
};

inline constexpr std::size_t kMinBatchElementBytes = 22;

// Walks the elements of a batch body, which must outlive it:
//   BatchReader reader(body); BatchElement element;
//   while (reader.Next(&element)) ...;  then check reader.reason()
class BatchReader {
 public:
  explicit BatchReader(std::string_view body) : rest_(body) {}

  // False at the end, and at the first element that is not well formed.
  bool Next(BatchElement* element);
  // Why Next stopped: empty at the end of a well-formed body, otherwise a constant text.
  std::string_view reason() const { return reason_; }

 private:
  bool Fail(std::string_view reason);

  std::string_view rest_;
  std::string_view reason_;
};

// Number of elements of a well-formed, non-empty batch body; otherwise what is wrong with it.
// Checking the whole first is what lets a batch be stored entirely or not at all.
StatusOr<std::size_t> CountBatch(std::string_view body);

// Appends one element. The caller bounds the properties (record.h: kMaxPropertyBytes).
void AppendBatchElement(const BatchElement& element, std::string* body);

}  // namespace comet::wire
