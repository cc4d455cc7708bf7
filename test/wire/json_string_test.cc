#include "remoting/wire/json_string.h"

#include <gtest/gtest.h>

namespace comet::wire {
namespace {

TEST(JsonString, IsPlainWhenNothingIsEscapedWhereverItStands) {
  for (std::size_t length = 0; length < 50; ++length) {
    std::string text(length, 'x');
    EXPECT_TRUE(IsPlainJson(text));
    for (std::size_t at = 0; at < length; ++at) {
      for (int c = 0; c < 256; ++c) {
        text[at] = static_cast<char>(c);
        std::string written;
        AppendJsonString(text, &written);
        ASSERT_EQ(IsPlainJson(text), written == '"' + text + '"') << length << ", " << at;
        ASSERT_EQ(IsPlainJson(text), c >= 0x20 && c != '"' && c != '\\') << c;
      }
      text[at] = 'x';
    }
  }
}

}  // namespace
}  // namespace comet::wire
