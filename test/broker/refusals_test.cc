#include "broker/ha/refusals.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"

namespace comet::broker {
namespace {

using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

constexpr WallMs kNow = 1'700'000'000'000;

std::vector<std::string> Texts(const Refusals& refusals, WallMs now = kNow) {
  std::vector<std::string> texts;
  for (const auto& one : refusals.All(now)) texts.push_back(one.text);
  return texts;
}

TEST(Refusals, KeepTheLastSentenceOfEachReplica) {
  Refusals refusals;
  EXPECT_TRUE(refusals.Note({"10.0.0.2:4000", 1, kNow, "ahead"}));
  EXPECT_FALSE(refusals.Note({"10.0.0.2:4001", 1, kNow, "ahead"}));
  EXPECT_TRUE(refusals.Note({"10.0.0.2:4002", 1, kNow, "diverged"}));
  EXPECT_TRUE(refusals.Note({"10.0.0.3:4000", 2, kNow, "expired"}));
  EXPECT_TRUE(refusals.Note({"10.0.0.3:4001", -1, kNow, "nonsense"}));
  EXPECT_THAT(Texts(refusals), testing::ElementsAre("nonsense", "expired", "diverged"));
  EXPECT_EQ(refusals.All(kNow).back().address, "10.0.0.2:4002");
}

TEST(Refusals, ForgetWhoCopies) {
  Refusals refusals;
  refusals.Note({"10.0.0.2:4000", 1, kNow, "a"});
  refusals.Note({"10.0.0.2:4001", -1, kNow, "b"});
  refusals.Note({"10.0.0.3:4000", 2, kNow, "c"});
  refusals.Note({"10.0.0.4:4000", -1, kNow, "d"});
  refusals.Forget("10.0.0.2:5000", -1);
  EXPECT_THAT(Texts(refusals), testing::ElementsAre("d", "c"));
  refusals.Forget("10.0.0.9:5000", 2);  // it has moved to another host
  EXPECT_THAT(Texts(refusals), testing::ElementsAre("d"));
}

TEST(Refusals, ForgetWhoDoesNotComeAgain) {
  Refusals refusals;
  refusals.Note({"10.0.0.2:4000", 1, kNow, "a"});
  EXPECT_THAT(Texts(refusals, kNow + Refusals::kKeptMs - 1), SizeIs(1));
  EXPECT_THAT(Texts(refusals, kNow + Refusals::kKeptMs), IsEmpty());
}

TEST(Refusals, HaveBounds) {
  Refusals refusals;
  for (int i = 0; i < 1000; ++i) {
    refusals.Note({"10.0.0.2:4000", i, kNow, Concat(i, std::string(100'000, 'x'))});
  }
  const auto all = refusals.All(kNow);
  ASSERT_THAT(all, SizeIs(Refusals::kReplicasMax));
  EXPECT_EQ(all.front().broker_id, 999);
  for (const auto& one : all) EXPECT_LT(one.text.size(), 1100U);
}

TEST(OneLine, CutsWhatIsEndlessAndHasNoControlCharacters) {
  EXPECT_EQ(OneLine("plain \xc3\xa4 text"), "plain \xc3\xa4 text");
  EXPECT_EQ(OneLine("a\nb\x1b[2Jc\x7f"), "a b [2Jc ");
  EXPECT_THAT(OneLine(std::string(1 << 20, 'x')), EndsWith("x..."));
  EXPECT_EQ(OneLine("\xff"), "\xef\xbf\xbd");
}

}  // namespace
}  // namespace comet::broker
