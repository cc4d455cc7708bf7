#include "remoting/base/bytes.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(Bytes, BigEndianValuesSurviveTheRoundTrip) {
  char bytes[8];
  PutI64(bytes, 0x0102030405060708);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[7], 8);
  EXPECT_EQ(GetI64(bytes), 0x0102030405060708);
  PutI32(bytes, -2);
  EXPECT_EQ(GetI32(bytes), -2);
  PutI16(bytes, -3);
  EXPECT_EQ(GetI16(bytes), -3);
}

TEST(ByteReader, ReadingPastTheEndYieldsZeroAndIsRemembered) {
  ByteReader reader(Slice("\x00\x01\x02", 3));
  EXPECT_EQ(reader.Read<std::int16_t>(), 1);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.Read<std::int32_t>(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.ReadBytes(1), "");
}

}  // namespace
}  // namespace comet
