#include "remoting/base/bytes.h"

#include <memory>
#include <string>

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

TEST(Bytes, CopyShortCopiesThatManyAndNothingElse) {
  std::string from;
  for (int i = 0; i < 80; ++i) from.push_back(static_cast<char>('0' + i));
  for (std::size_t size = 0; size < from.size(); ++size) {
    std::string to(from.size() + 1, '-');
    const auto exact = std::make_unique<char[]>(size);  // nothing behind it may be read
    from.copy(exact.get(), size);
    CopyShort(to.data(), {exact.get(), size});
    EXPECT_EQ(to, from.substr(0, size).append(to.size() - size, '-'));
  }
}

TEST(ByteWriter, WritesOneValueBehindTheOther) {
  char bytes[9];
  ByteWriter writer(bytes);
  writer.Put(std::int16_t{0x4142});
  writer.Put('-');
  writer.Put("text");
  EXPECT_EQ(std::string_view(bytes, 7), "AB-text");
  EXPECT_EQ(writer.at(), bytes + 7);
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
