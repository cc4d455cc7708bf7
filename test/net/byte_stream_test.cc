#include "remoting/net/byte_stream.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "remoting/base/check.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

class Recorder : public ByteStreamUser {
 public:
  std::span<char> ReadInto() override { return room; }
  void OnBytes(std::size_t count) override { read.append(room.data(), count); }
  void OnWritten() override { ++written; }
  void OnClosed(std::string_view why) override {
    ++closed;
    reason = why;
  }

  std::array<char, 7> room{};
  std::string read, reason;
  int written = 0, closed = 0;
};

// A stream on a loop that the test iterates, and the other end, which blocks for no longer than
// kPatience.
class ByteStreamTest : public testing::Test {
 protected:
  ByteStreamTest() {
    int ends[2];
    COMET_CHECK_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    COMET_CHECK_EQ(::fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    peer_.Reset(ends[1]);
    stream_.emplace(loop_, Socket(ends[0]), Endpoint{}, chunks_, user_);
  }
  void IterateUntil(const std::function<bool()>& condition) {
    const auto deadline = SystemClock().Now() + kPatience;
    while (!condition()) {
      ASSERT_LT(SystemClock().Now(), deadline);
      loop_.RunOnce(std::chrono::milliseconds(10));
    }
  }
  void Say(std::string_view bytes) {
    COMET_CHECK_EQ(::send(peer_.get(), bytes.data(), bytes.size(), 0), std::ssize(bytes));
  }
  std::string Hear(std::size_t bytes_max) {
    std::string bytes(bytes_max, '\0');
    const auto got = ::recv(peer_.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  EventLoop loop_;
  ChunkPool chunks_;
  Recorder user_;
  Socket peer_;
  std::optional<ByteStream> stream_;
};

TEST_F(ByteStreamTest, ReadsIntoItsUsersMemoryWhateverTheSizes) {
  Say("a longer text than there is room for");
  IterateUntil([&] { return user_.read.size() == 36; });
  EXPECT_EQ(user_.read, "a longer text than there is room for");
}

TEST_F(ByteStreamTest, WritesWhatIsAppendedAtOnce) {
  stream_->output().Append("head ");
  stream_->output().Append("body");
  EXPECT_TRUE(stream_->Write());
  EXPECT_EQ(Hear(100), "head body");
}

TEST_F(ByteStreamTest, TellsWhenTheKernelHasTakenWhatItWouldNotBefore) {
  std::string sent;
  do {
    const std::string more(1 << 20, static_cast<char>('a' + sent.size() % 7));
    sent += more;
    stream_->output().AppendOwned(std::string(more));
  } while (stream_->Write());
  EXPECT_EQ(user_.written, 0);
  std::string heard;
  while (heard.size() < sent.size()) {
    heard += Hear(sent.size());
    loop_.RunOnce({});
  }
  IterateUntil([&] { return user_.written == 1; });
  EXPECT_TRUE(heard == sent);
  EXPECT_TRUE(stream_->output().empty());
}

TEST_F(ByteStreamTest, LeavesWhatComesInTheKernelWhileItIsPaused) {
  stream_->PauseReading();
  Say("later");
  loop_.RunOnce({});
  EXPECT_EQ(user_.read, "");
  stream_->ResumeReading();
  IterateUntil([&] { return user_.read == "later"; });
}

TEST_F(ByteStreamTest, TellsOnceThatThePeerHasGone) {
  peer_.Reset();
  IterateUntil([&] { return user_.closed == 1; });
  EXPECT_TRUE(stream_->closed());
  EXPECT_EQ(user_.reason, "the peer closed it");
  stream_->Close("again");
  stream_->output().Append("nobody takes it");
  stream_->Write();
  loop_.RunOnce({});
  EXPECT_EQ(user_.closed, 1);
}

TEST_F(ByteStreamTest, EndsWhenItCannotWrite) {
  peer_.Reset();
  stream_->output().Append("nobody takes it");
  EXPECT_FALSE(stream_->Write());
  EXPECT_EQ(user_.closed, 1);
  EXPECT_EQ(user_.reason.find("writing failed: "), 0U) << user_.reason;
}

}  // namespace
}  // namespace comet::net
