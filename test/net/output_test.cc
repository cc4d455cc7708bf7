#include "remoting/net/output.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "remoting/net/socket.h"

namespace comet::net {
namespace {

class OutputTest : public testing::Test {
 protected:
  OutputTest() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    near_.Reset(ends[0]);
    far_.Reset(ends[1]);
  }

  Output::Write Write() {
    std::size_t written = 0;
    const auto state = output_.WriteTo(near_.get(), &written);
    written_ += written;
    return state;
  }
  bool ReadSome() {
    char buffer[100'000];
    const auto got = recv(far_.get(), buffer, sizeof(buffer), 0);
    if (got > 0) received_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  ChunkPool pool_;
  Output output_{pool_};
  Socket near_, far_;
  std::size_t written_ = 0;
  std::string received_;
};

TEST_F(OutputTest, SendsAnyMixtureInOrderThroughASlowSocket) {
  std::mt19937 random(11);
  std::string file_bytes(500'000, 0);
  for (char& c : file_bytes) c = static_cast<char>(random());
  FILE* file = std::tmpfile();
  ASSERT_EQ(std::fwrite(file_bytes.data(), 1, file_bytes.size(), file), file_bytes.size());
  std::fflush(file);
  const auto pin = std::make_shared<int>(0);

  std::string expected;
  for (int i = 0; i < 600; ++i) {
    const std::size_t size = random() % (i % 7 == 0 ? 200'000 : 3'000);
    const std::size_t at = random() % (file_bytes.size() - size);
    const std::string_view bytes = std::string_view(file_bytes).substr(at, size);
    switch (random() % 3) {
      case 0:
        output_.Append(bytes);
        break;
      case 1:
        output_.AppendOwned(std::string(bytes));
        break;
      default:
        output_.AppendPart({bytes, pin, random() % 2 == 0 ? fileno(file) : -1, at});
    }
    expected += bytes;
    if (i % 50 == 0) {
      ASSERT_NE(Write(), Output::Write::kFailed);
      ReadSome();
    }
    ASSERT_EQ(output_.bytes(), expected.size() - written_);
  }
  while (Write() == Output::Write::kBlocked) ASSERT_TRUE(ReadSome());
  while (received_.size() < expected.size()) ASSERT_TRUE(ReadSome());
  EXPECT_TRUE(received_ == expected);
  EXPECT_TRUE(output_.empty());
  EXPECT_EQ(output_.bytes(), 0U);
  EXPECT_EQ(output_.memory(), 0U);
  EXPECT_EQ(pin.use_count(), 1);
  std::fclose(file);
}

TEST_F(OutputTest, CountsRangesAsBytesButNotAsMemory) {
  const std::string large(10 << 20, 'x');
  output_.AppendPart({large, nullptr, -1, 0});
  EXPECT_EQ(output_.bytes(), large.size());
  EXPECT_LT(output_.memory(), 1000U);
  output_.AppendOwned(std::string(1 << 20, 'y'));
  EXPECT_GE(output_.memory(), std::size_t{1} << 20);
  output_.Clear();
  EXPECT_EQ(output_.bytes(), 0U);
  EXPECT_EQ(output_.memory(), 0U);
}

TEST_F(OutputTest, FailsWhenAFileHasLostBytesThatWerePromised) {
  FILE* file = std::tmpfile();
  const std::string bytes(100'000, 'x');
  output_.AppendPart({bytes, nullptr, fileno(file), 0});
  EXPECT_EQ(Write(), Output::Write::kFailed);
  std::fclose(file);
}

TEST_F(OutputTest, FailsWhenThePeerIsGone) {
  far_.Reset();
  output_.Append("hello");
  EXPECT_EQ(Write(), Output::Write::kFailed);
  EXPECT_EQ(errno, EPIPE);
}

}  // namespace
}  // namespace comet::net
