#include "remoting/wire/message_id.h"

#include <set>

#include <gtest/gtest.h>

namespace comet::wire {
namespace {

TEST(MessageId, IsTheDocumentedText) {
  EXPECT_EQ(FormatMessageId(Host::V4(127, 0, 0, 1, 10911), 4096),
            "7F00000100002A9F0000000000001000");
}

TEST(MessageId, RoundTripsForBothFamilies) {
  Host v6;
  v6.v6 = true;
  v6.ip[0] = 0xfe;
  v6.ip[15] = 1;
  v6.port = 65535;
  for (const Host& host : {Host::V4(10, 1, 2, 255, 1), v6}) {
    const std::string text = FormatMessageId(host, (1LL << 40) + 5);
    EXPECT_EQ(text.size(), host.v6 ? 56U : 32U);
    const auto id = ParseMessageId(text);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->host, host);
    EXPECT_EQ(id->log_offset, (1LL << 40) + 5);
  }
}

TEST(MessageId, RefusesWhatIsNone) {
  EXPECT_TRUE(ParseMessageId("7f00000100002a9f0000000000001000"));
  for (const char* text :
       {"", "7F00000100002A9F000000000000100", "7F00000100002A9F00000000000010000",
        "7F00000100002A9F000000000000100G", "7F000001FFFFFFFF0000000000001000",
        "7F00000100012A9F0000000000001000", "7F00000100002A9FF000000000001000"}) {
    EXPECT_FALSE(ParseMessageId(text)) << text;
  }
}

TEST(UniqueIdGenerator, NeverRepeatsAndCarriesTheClient) {
  ManualClock clock;
  UniqueIdGenerator ids(clock, Host::V4(10, 0, 0, 1, 0), 0x12345, 0xCAFEBABE);
  std::set<std::string> seen;
  for (int i = 0; i < 70000; ++i) {
    if (i % 10000 == 0) clock.Advance(std::chrono::milliseconds(1));
    ASSERT_TRUE(seen.insert(ids.Next()).second);
  }
  const std::string id = ids.Next();
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.substr(0, 20), "0A0000012345CAFEBABE");
}

}  // namespace
}  // namespace comet::wire
