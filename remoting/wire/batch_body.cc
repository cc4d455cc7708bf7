#include "remoting/wire/batch_body.h"

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/base/text.h"
#include "remoting/wire/record.h"

namespace comet::wire {

bool BatchReader::Fail(std::string_view reason) {
  reason_ = reason;
  rest_ = {};
  return false;
}

bool BatchReader::Next(BatchElement* element) {
  if (rest_.empty()) return false;
  ByteReader reader(rest_);
  const auto size = reader.Read<std::int32_t>();
  if (!reader.ok() || size < 0 || static_cast<std::size_t>(size) < kMinBatchElementBytes) {
    return Fail("element too short");
  }
  if (static_cast<std::size_t>(size) > rest_.size()) return Fail("element longer than the batch");
  const std::string_view next = rest_.substr(static_cast<std::size_t>(size));
  reader = ByteReader(rest_.substr(sizeof(size), static_cast<std::size_t>(size) - sizeof(size)));
  reader.Read<std::int32_t>();  // magic and CRC: brokers never looked at them
  reader.Read<std::int32_t>();
  element->flag = reader.Read<std::int32_t>();
  const auto body_bytes = reader.Read<std::int32_t>();
  if (body_bytes < 0) return Fail("negative body length");
  element->body = reader.ReadBytes(static_cast<std::size_t>(body_bytes));
  const auto property_bytes = reader.Read<std::int16_t>();
  if (property_bytes < 0) return Fail("negative property length");
  element->properties = reader.ReadBytes(static_cast<std::size_t>(property_bytes));
  if (!reader.ok()) return Fail("parts longer than their element");
  if (!reader.rest().empty()) return Fail("parts shorter than their element");
  rest_ = next;
  return true;
}

StatusOr<std::size_t> CountBatch(std::string_view body) {
  BatchReader reader(body);
  BatchElement element;
  std::size_t count = 0;
  while (reader.Next(&element)) ++count;
  if (!reader.reason().empty()) {
    return Status(Status::Code::kInvalid, Concat("batch element ", count, ": ", reader.reason()));
  }
  if (count == 0) return Status(Status::Code::kInvalid, "the batch is empty");
  return count;
}

void AppendBatchElement(const BatchElement& element, std::string* body) {
  COMET_CHECK_LE(element.properties.size(), kMaxPropertyBytes);
  const std::size_t size = kMinBatchElementBytes + element.body.size() + element.properties.size();
  AppendBigEndian(body, static_cast<std::int32_t>(size));
  AppendBigEndian(body, std::int32_t{0});
  AppendBigEndian(body, std::int32_t{0});
  AppendBigEndian(body, element.flag);
  AppendBigEndian(body, static_cast<std::int32_t>(element.body.size()));
  body->append(element.body);
  AppendBigEndian(body, static_cast<std::int16_t>(element.properties.size()));
  body->append(element.properties);
}

}  // namespace comet::wire
