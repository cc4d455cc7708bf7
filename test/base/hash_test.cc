#include "remoting/base/hash.h"

#include <gtest/gtest.h>

#include "remoting/base/crc32.h"
#include "remoting/base/random.h"

namespace comet {
namespace {

TEST(JavaStringHash, IsJavasHashCode) {
  EXPECT_EQ(JavaStringHash(""), 0);
  EXPECT_EQ(JavaStringHash("TagA"), 2598919);  // the codes that recorded heartbeats carry
  EXPECT_EQ(JavaStringHash("TagB"), 2598920);
  EXPECT_EQ(JavaStringHash("polygenelubricants"), std::numeric_limits<std::int32_t>::min());
}

TEST(JavaStringHash, CountsUtf16Units) {
  EXPECT_EQ(JavaStringHash("\u4e2d"), 0x4e2d);
  EXPECT_EQ(JavaStringHash("\U0001f600"), 0xd83d * 31 + 0xde00);
  EXPECT_EQ(JavaStringHash("\xff"), 0xfffd);  // not UTF-8: the replacement character
  EXPECT_EQ(JavaStringHash("\xe4\xb8"), 0xfffd * 31 + 0xfffd);
}

TEST(JavaStringHash, IsTheSameWhateverTheLengthAndWhereverACharacterOfManyBytesStands) {
  const auto by_definition = [](std::u16string_view text) {
    std::uint32_t hash = 0;
    for (const char16_t unit : text) hash = hash * 31 + unit;
    return static_cast<std::int32_t>(hash);
  };
  for (std::size_t length = 0; length < 40; ++length) {
    std::string text;
    std::u16string units;
    for (std::size_t at = 0; at < length; ++at) {
      text.push_back(static_cast<char>(127 - at * 3));
      units.push_back(static_cast<char16_t>(127 - at * 3));
    }
    EXPECT_EQ(JavaStringHash(text), by_definition(units)) << length;
    EXPECT_EQ(JavaStringHash(text, JavaStringHash("seed")),
              JavaStringHash(std::string("seed").append(text)));
    for (std::size_t at = 0; at <= length; ++at) {
      const std::string wide = text.substr(0, at).append("\u00e9").append(text, at);
      const auto wide_units = units.substr(0, at).append(u"\u00e9").append(units, at);
      EXPECT_EQ(JavaStringHash(wide), by_definition(wide_units)) << length << ", " << at;
    }
  }
}

TEST(Crc32, KnowsTheStandardAnswers) {
  EXPECT_EQ(Crc32(""), 0U);
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(Crc32("56789", Crc32("1234")), 0xcbf43926U);
  EXPECT_EQ(BodyCrc32("123456789"), 0x4bf43926);  // the sign bit is cleared
}

TEST(Random, RepeatsItselfAndStaysBelowItsBound) {
  Random a(7);
  Random b(7);
  bool seen[5] = {};
  for (int i = 0; i < 1000; ++i) {
    const auto value = a.Below(5);
    ASSERT_EQ(value, b.Below(5));
    ASSERT_LT(value, 5U);
    seen[value] = true;
  }
  for (const bool each : seen) EXPECT_TRUE(each);
}

}  // namespace
}  // namespace comet
