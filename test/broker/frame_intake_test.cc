#include "broker/ha/frame_intake.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "test/store/store_world.h"

namespace comet::broker {
namespace {

class FrameIntakeTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.config.replica = true;
    ASSERT_EQ(world_.Open().ToString(), "OK");
    intake_.emplace(FrameIntake::Parts{loop_, *world_.store, [this](const Status& status) {
                                         taken_.push_back(status.code());
                                       }});
  }

  // A frame, as one read brings it if there is room. The log's writer has not seen it before Pump.
  void Come(std::int64_t offset, const std::string& body) {
    std::string frame(wire::kHaHeaderBytes, '\0');
    wire::EncodeHaHeader({offset, static_cast<std::int32_t>(body.size())}, frame.data());
    frame += body;
    for (Slice rest = frame; !rest.empty();) {
      const auto room = intake_->Room();
      const auto count = std::min(room.size(), rest.size());
      std::copy_n(rest.begin(), count, room.begin());
      rest.remove_prefix(count);
      intake_->Came(count);
      ASSERT_TRUE(intake_->TakeFrames().ok());
    }
  }
  void Pump() {
    do {
      world_.Pump();
    } while (loop_.Step());
  }

  store::StoreWorld world_{store::FlushDiskType::kAsync};
  sim::SimExecutor loop_{world_.clock};
  std::optional<FrameIntake> intake_;
  std::vector<Status::Code> taken_;
};

TEST_F(FrameIntakeTest, GathersWhatComesWhileTheWriterIsBusy) {
  constexpr int kFrames = 50'000;
  for (int i = 0; i < kFrames; ++i) Come(0, "");
  Pump();
  EXPECT_LT(taken_.size(), 20U);
  for (const auto code : taken_) EXPECT_EQ(code, Status::Code::kOk);
  EXPECT_FALSE(intake_->congested());
}

TEST_F(FrameIntakeTest, ReadsNoMoreThanItHasRoomForWhileTheWriterIsBusy) {
  int frames = 0;
  while (!intake_->congested()) {
    Come(0, "");
    ASSERT_LT(++frames, 2'000'000);
  }
  Pump();
  EXPECT_FALSE(intake_->congested());
}

TEST_F(FrameIntakeTest, TheFirstErrorOfAStreamIsTheOneThatIsTold) {
  const std::string no_record(100, 'x');
  Come(0, no_record);
  Come(100, no_record);  // these are in a wrong place once the first is refused
  Come(200, no_record);
  Pump();
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_EQ(taken_[0], Status::Code::kCorruption);
}

TEST_F(FrameIntakeTest, ANewStreamBeginsWithoutWhatIsLeftOfTheOld) {
  const std::string no_record(100, 'x');
  Come(0, no_record);
  bool begins = false;
  intake_->Restart([&] { begins = true; });
  Come(0, "");
  Pump();
  EXPECT_TRUE(begins);
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_EQ(taken_[0], Status::Code::kOk);
}

}  // namespace
}  // namespace comet::broker
