#include "sdk/src/admin_trace.h"

#include <string>

#include <gtest/gtest.h>

#include "remoting/base/text.h"

namespace comet::client {
namespace {

std::string Sent(const std::string& id, const std::string& rest) {
  return Concat("Pub\1", "1772331600123\1", "region\1", "pg\1", "orders\1", id, "\1TagA\1key\1",
                "127.0.0.1:10911\1", "5\1", "7\1", "0\1", rest, "\2");
}

std::string Consumed(const std::string& id, const std::string& rest = "1772331600999\1billing") {
  return Concat("SubAfter\1request\1", id, "\1", "9\1", "false\1", "key\1", "1\1", rest, "\2");
}

TEST(Trace, TellsWhoSentAndWhoConsumed) {
  const auto entries = ReadTrace(Sent("ID1", "0A00\1true") + Consumed("ID1"), "ID1");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].kind, TraceEntry::Kind::kSent);
  EXPECT_EQ(entries[0].group, "pg");
  EXPECT_EQ(entries[0].time_ms, 1772331600123);
  EXPECT_EQ(entries[0].cost_ms, 7);
  EXPECT_TRUE(entries[0].success);
  EXPECT_EQ(entries[1].kind, TraceEntry::Kind::kConsumed);
  EXPECT_EQ(entries[1].group, "billing");
  EXPECT_EQ(entries[1].cost_ms, 9);
  EXPECT_FALSE(entries[1].success);
}

TEST(Trace, OldClientsWriteNoOffsetId) {
  const auto entries = ReadTrace(Sent("ID1", "true"), "ID1");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_TRUE(entries[0].success);
}

TEST(Trace, EntriesOfOtherMessagesAreLeftOut) {
  EXPECT_EQ(ReadTrace(Sent("ID2", "0A00\1true") + Consumed("ID1"), "ID1").size(), 1U);
}

TEST(Trace, WhatIsNoRecordIsLeftOut) {
  for (const std::string& body :
       {std::string(), std::string("\2\2"), std::string("Pub\1"), std::string("Pub\2SubAfter"),
        Consumed("ID1", "soon\1billing"), Consumed("ID1", ""), std::string("hello\1ID1")}) {
    EXPECT_TRUE(ReadTrace(body, "ID1").empty()) << body;
  }
}

}  // namespace
}  // namespace comet::client
