#include "remoting/wire/header_binary.h"

#include <gtest/gtest.h>

#include "remoting/base/bytes.h"

namespace comet::wire {
namespace {

// The parts of a header, each as it is to be written, right or wrong.
struct Parts {
  std::int32_t remark_bytes = 0;
  std::string remark;
  std::int32_t ext_bytes = 0;
  std::string ext;

  std::string Encode() const {
    std::string out;
    AppendBigEndian(&out, std::int16_t{310});
    AppendBigEndian(&out, std::uint8_t{9});
    AppendBigEndian(&out, std::int16_t{317});
    AppendBigEndian(&out, std::int32_t{-5});
    AppendBigEndian(&out, std::int32_t{2});
    AppendBigEndian(&out, remark_bytes);
    out += remark;
    AppendBigEndian(&out, ext_bytes);
    return out + ext;
  }
};

std::string Entry(std::int16_t key_bytes, std::string_view key, std::int32_t value_bytes,
                  std::string_view value) {
  std::string out;
  AppendBigEndian(&out, key_bytes);
  out += key;
  AppendBigEndian(&out, value_bytes);
  out += value;
  return out;
}

std::string WithExt(const std::string& ext) {
  return Parts{0, "", static_cast<std::int32_t>(ext.size()), ext}.Encode();
}

TEST(BinaryHead, ReadsEveryPart) {
  const std::string ext = Entry(1, "a", 5, "group") + Entry(1, "i", 0, "");
  const std::string header = Parts{2, "no", static_cast<std::int32_t>(ext.size()), ext}.Encode();
  Head head;
  ASSERT_TRUE(DecodeBinaryHead(header, &head).ok());
  EXPECT_EQ(head.form, HeaderForm::kBinary);
  EXPECT_EQ(head.code, 310);
  EXPECT_EQ(head.language, Language::kGo);
  EXPECT_EQ(head.version, 317);
  EXPECT_EQ(head.opaque, -5);
  EXPECT_EQ(head.flag, 2);
  EXPECT_EQ(head.remark, "no");
  EXPECT_TRUE(head.has_ext);
  EXPECT_EQ(head.ext.Find("a"), "group");
  EXPECT_EQ(head.ext.Find("i"), "");
}

TEST(BinaryHead, EmptyRemarkAndSectionAreAbsent) {
  Head head;
  head.remark = "old";
  head.ext.Add("old", "old");
  ASSERT_TRUE(DecodeBinaryHead(WithExt(""), &head).ok());
  EXPECT_EQ(head.remark, std::nullopt);
  EXPECT_FALSE(head.has_ext);
  EXPECT_TRUE(head.ext.empty());
}

TEST(BinaryHead, RefusesEveryTruncation) {
  const std::string header = WithExt(Entry(1, "a", 5, "group"));
  for (std::size_t bytes = 0; bytes < header.size(); ++bytes) {
    Head head;
    EXPECT_FALSE(DecodeBinaryHead(std::string_view(header).substr(0, bytes), &head).ok()) << bytes;
  }
}

TEST(BinaryHead, RefusesLengthsThatDoNotAddUp) {
  Head head;
  const auto refuses = [&](const std::string& header) {
    return !DecodeBinaryHead(header, &head).ok();
  };
  EXPECT_TRUE(refuses(Parts{-1, "", 0, ""}.Encode()));
  EXPECT_TRUE(refuses(Parts{5, "abc", 0, ""}.Encode()));
  EXPECT_TRUE(refuses(Parts{0x7fffffff, "abc", 0, ""}.Encode()));
  EXPECT_TRUE(refuses(Parts{0, "", -1, "abc"}.Encode()));
  EXPECT_TRUE(refuses(Parts{0, "", 0, "abc"}.Encode()));
  EXPECT_TRUE(refuses(Parts{0, "", 4, "abc"}.Encode()));
  EXPECT_TRUE(refuses(WithExt(Entry(-1, "", 0, ""))));
  EXPECT_TRUE(refuses(WithExt(Entry(1, "a", -1, ""))));
  EXPECT_TRUE(refuses(WithExt(Entry(1, "a", 6, "group"))));
  EXPECT_TRUE(refuses(WithExt(Entry(0x7fff, "a", 6, "group"))));
  EXPECT_TRUE(refuses(WithExt(std::string(1, 'x'))));
}

TEST(BinaryHead, RefusesMoreFieldsThanAnyoneSends) {
  std::string ext;
  for (std::size_t i = 0; i < ExtFields::kMax; ++i) ext += Entry(1, "a", 1, "b");
  Head head;
  EXPECT_TRUE(DecodeBinaryHead(WithExt(ext), &head).ok());
  EXPECT_FALSE(DecodeBinaryHead(WithExt(ext + Entry(1, "a", 1, "b")), &head).ok());
}

TEST(BinaryHead, KnowsNotEveryLanguage) {
  std::string header = WithExt("");
  header[2] = 77;
  Head head;
  ASSERT_TRUE(DecodeBinaryHead(header, &head).ok());
  EXPECT_EQ(head.language, Language::kUnknown);
}

}  // namespace
}  // namespace comet::wire
