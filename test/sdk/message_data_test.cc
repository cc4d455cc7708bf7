#include "sdk/src/message_data.h"

#include <span>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/wire/flags.h"
#include "remoting/wire/record_writer.h"

namespace comet::client {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string Record(std::int64_t offset, std::string_view body, std::int32_t sys_flag = 0) {
  wire::RecordSource source;
  source.topic = "orders";
  source.body = body;
  source.queue_id = 3;
  source.queue_offset = offset;
  source.sys_flag = sys_flag;
  std::string bytes(wire::EncodedRecordBytes(source), '\0');
  EXPECT_TRUE(wire::EncodeRecord(source, std::span(bytes.data(), bytes.size())).ok());
  return bytes;
}

std::string DamagedRecord(std::int64_t offset) {
  std::string bytes = Record(offset, "body");
  bytes[wire::OffsetOf("body")] = 'B';
  return bytes;
}

TEST(MessageData, AnUnreadableMessageDoesNotStopTheOthers) {
  const auto batch =
      ReadBatch(Record(7, "first") + DamagedRecord(8) +
                    Record(9, "not compressed", wire::sys_flag::kCompressed) + Record(10, "last"),
                "broker-a");
  ASSERT_TRUE(batch.ok()) << batch.error().message();
  const auto& messages = (*batch)->messages;
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_THAT(messages[0].unreadable, IsEmpty());
  EXPECT_THAT(messages[1].unreadable, HasSubstr("CRC"));
  EXPECT_THAT(messages[2].unreadable, testing::Not(IsEmpty()));
  EXPECT_THAT(messages[3].unreadable, IsEmpty());
  EXPECT_EQ(messages[3].record.body, "last");
  EXPECT_THAT(Complaint(messages[1]), HasSubstr("offset 8 of queue 3 of orders at broker-a"));
}

TEST(MessageData, BytesThatAreNoRecordAreAnErrorOfTheWhole) {
  std::string bytes = Record(7, "body");
  bytes[wire::OffsetOf("magic")] = 'x';
  EXPECT_FALSE(ReadBatch(bytes, "broker-a").ok());
  EXPECT_FALSE(ReadBatch(Record(7, "body").substr(0, 60), "broker-a").ok());
}

TEST(MessageData, AMessageAtANegativeOffsetIsAnErrorOfTheWhole) {
  const auto batch = ReadBatch(Record(7, "first") + Record(-1, "second"), "broker-a");
  ASSERT_FALSE(batch.ok());
  EXPECT_THAT(batch.error().message(), HasSubstr("message 1 of the answer: negative queue offset"));
}

TEST(MessageData, WhoeverWantsAllMessagesIsToldOfAnUnreadableOne) {
  const auto messages = ReadMessages(Record(7, "first") + DamagedRecord(8), "broker-a");
  ASSERT_FALSE(messages.ok());
  EXPECT_THAT(messages.error().message(), HasSubstr("offset 8"));
}

}  // namespace
}  // namespace comet::client
