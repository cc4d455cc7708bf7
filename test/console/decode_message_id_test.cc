#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/clock.h"
#include "remoting/wire/message_id.h"
#include "run.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;

std::string IdOf(const wire::Host& host) {
  return wire::UniqueIdGenerator(SystemClock(), host, 4242, 1).Next();
}

TEST(DecodeMessageId, TellsTheClientAndTheTime) {
  wire::Host host;
  host.ip = {10, 0, 0, 9};
  const std::int64_t before_ms = SystemClock().WallNow();
  const Ran ran = Mqadmin({"decodeMessageId", "-i", IdOf(host), "-o", "json"});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"ip\":\"10.0.0.9\",\"pid\":4242,\"timestamp\":"));
  const std::int64_t time_ms = std::stoll(ran.out.substr(ran.out.rfind(':') + 1));
  EXPECT_GE(time_ms, before_ms);
  EXPECT_LE(time_ms, SystemClock().WallNow());
}

TEST(DecodeMessageId, PrintsALineForEach) {
  const Ran ran = Mqadmin({"DecodeMessageId", "-i", "0A00000910920000000100000000ABCD"});
  EXPECT_THAT(ran.out, testing::MatchesRegex("ip=10\\.0\\.0\\.9\n"
                                             "date=....-..-01#00:00:00:000\n"));
}

TEST(DecodeMessageId, RefusesWhatIsNone) {
  for (const std::string id :
       {"", "0A", "xyz", "0A00000910920000000100000000ABC", "0A00000910920000000100000000ABCG"}) {
    EXPECT_EQ(Mqadmin({"decodeMessageId", "-i", id}).code, ExitCode::kUsage) << id;
  }
}

}  // namespace
}  // namespace comet::cli
