// The eyes of the cluster tests: what is wrong with a log, or with what producers were told, they
// see.

#include "log_on_disk.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "ledger.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_writer.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kFileBytes = 1000;

// Two files, three messages, a blank record between them and zeros at the end.
class LogOnDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string& store : {one_, other_}) {
      std::filesystem::create_directories(store + "/commitlog");
      std::string file = RecordOf(0, 0, "first") + RecordOf(200, 1, "second");
      char blank[8];
      wire::EncodeBlank(static_cast<std::uint32_t>(kFileBytes - 400), blank);
      Write(store, 0, file + std::string(blank, sizeof(blank)));
      Write(store, kFileBytes, RecordOf(kFileBytes, 2, "third"));
    }
  }

  // 200 bytes.
  static std::string RecordOf(std::int64_t log_offset, std::int64_t queue_offset,
                              std::string body) {
    body.resize(200 - wire::kMinRecordBytes - std::string("orders").size());
    std::string bytes(200, '\0');
    const auto written = wire::EncodeRecord({.topic = "orders",
                                             .body = body,
                                             .properties = {},
                                             .queue_offset = queue_offset,
                                             .log_offset = log_offset,
                                             .born_host = {},
                                             .store_host = {}},
                                            bytes);
    EXPECT_EQ(*written, bytes.size());
    return bytes;
  }
  static std::string PathOf(const std::string& store, std::int64_t base) {
    std::string digits = Concat(base);
    digits.insert(0, 20 - digits.size(), '0');
    return Concat(store, "/commitlog/", digits);
  }
  static void Write(const std::string& store, std::int64_t base, std::string bytes) {
    bytes.resize(kFileBytes);
    std::ofstream(PathOf(store, base), std::ios::binary) << bytes;
  }
  const TempDirectory directory_;
  const std::string one_ = directory_ / "one", other_ = directory_ / "other";
};

TEST_F(LogOnDiskTest, FindsEveryRecordAndTheEnd) {
  const LogOnDisk log(one_);
  ASSERT_EQ(log.records().size(), 3U);
  EXPECT_EQ(log.records()[2].log_offset, kFileBytes);
  EXPECT_EQ(log.records()[2].queue_offset, 2);
  EXPECT_THAT(std::string(log.records()[2].body), HasSubstr("third"));
  EXPECT_EQ(log.begin(), 0);
  EXPECT_EQ(log.end(), kFileBytes + 200);
  EXPECT_EQ(LogOnDisk(one_, kFileBytes).records().size(), 1U);
  EXPECT_EQ(LogOnDisk(one_, 200).end(), kFileBytes + 200);
}

TEST_F(LogOnDiskTest, OfNothingIsEmpty) {
  EXPECT_EQ(LogOnDisk(directory_ / "nothing").end(), 0);
}

TEST_F(LogOnDiskTest, NamesTheFirstByteThatDiffers) {
  EXPECT_EQ(LogOnDisk(one_).DifferenceIn(LogOnDisk(other_)), "");
  Overwrite(PathOf(other_, 0), 700, "!");  // behind the blank record
  EXPECT_THAT(LogOnDisk(one_).DifferenceIn(LogOnDisk(other_)), HasSubstr("at log offset 700 of"));
}

TEST_F(LogOnDiskTest, IsADifferenceWhenTheOtherIsShorter) {
  Write(other_, kFileBytes, "");
  EXPECT_THAT(LogOnDisk(one_).DifferenceIn(LogOnDisk(other_)), HasSubstr("at log offset 1003 of"));
  EXPECT_EQ(LogOnDisk(other_).DifferenceIn(LogOnDisk(one_)), "");
  std::filesystem::remove(PathOf(other_, kFileBytes));
  EXPECT_EQ(LogOnDisk(one_).DifferenceIn(LogOnDisk(other_)), "there is no file 1000");
}

TEST_F(LogOnDiskTest, EndsBeforeARecordThatIsDamaged) {
  Overwrite(PathOf(one_, 0), 300, "!");
  EXPECT_EQ(LogOnDisk(one_).end(), 200);
  EXPECT_EQ(LogOnDisk(one_).records().size(), 1U);
}

SendReceipt At(std::int64_t offset, SendStatus status = SendStatus::ok) {
  SendReceipt receipt;
  receipt.status = status;
  receipt.queue = {"orders", "broker-a", 0};
  receipt.offset = offset;
  return receipt;
}

TEST(LedgerTest, FailsWhenAMessageIsStoredBeforeItsPredecessor) {
  Ledger ledger;
  ledger.Note({1, 1}, At(5));
  ledger.Note({2, 1}, At(3));  // of another lane
  EXPECT_NONFATAL_FAILURE(ledger.Note({1, 2}, At(4)), "message 2 of lane 1 was stored before");
}

TEST(LedgerTest, ForgetsWhatIsLostAndTakesItsPlacesAgain) {
  Ledger ledger;
  ledger.Note({1, 1}, At(5));
  ledger.Note({1, 2}, At(6, SendStatus::slave_not_available));
  EXPECT_EQ(ledger.told(), 2U);
  EXPECT_EQ(ledger.send_ok(), 1U);
  ledger.Forget("broker-a", [](const Ledger::Told& one) { return !one.send_ok; });
  ledger.Note({1, 3}, At(6));
  EXPECT_EQ(ledger.Of("broker-a").size(), 2U);
}

TEST(MessageBody, IsKnownByItsBytes) {
  const MessageName name{3, 17};
  std::string body = BodyOf(name);
  EXPECT_EQ(NameIn(body), name);
  body.back() = static_cast<char>(body.back() + 1);
  EXPECT_NONFATAL_FAILURE(NameIn(body), "BodyOf");
}

}  // namespace
}  // namespace comet
