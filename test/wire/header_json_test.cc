#include "remoting/wire/header_json.h"

#include <gtest/gtest.h>

#include "remoting/wire/frame.h"

namespace comet::wire {
namespace {

class JsonHead : public testing::Test {
 protected:
  Status Decode(const std::string& text) {
    text_ = text;
    return decoder_.Decode(text_, 0, &head_);
  }
  std::string Ext(std::string_view key) {
    return std::string(head_.ext.Find(key).value_or("<absent>"));
  }

  JsonHeadDecoder decoder_;
  std::string text_;
  Head head_;
};

TEST_F(JsonHead, ReadsEveryMemberInAnyOrder) {
  ASSERT_TRUE(Decode(R"({"version":317,"remark":"no","opaque":-7,"language":"GO",)"
                     R"("flag":1,"extFields":{"topic":"t"},"code":17})")
                  .ok());
  EXPECT_EQ(head_.code, 17);
  EXPECT_EQ(head_.language, Language::kGo);
  EXPECT_EQ(head_.version, 317);
  EXPECT_EQ(head_.opaque, -7);
  EXPECT_EQ(head_.flag, 1);
  EXPECT_EQ(head_.remark, "no");
  EXPECT_EQ(Ext("topic"), "t");
  EXPECT_EQ(head_.form, HeaderForm::kJson);
}

TEST_F(JsonHead, AbsentMembersHaveRocketMqsDefaults) {
  ASSERT_TRUE(Decode("{}").ok());
  EXPECT_EQ(head_.code, 0);
  EXPECT_EQ(head_.language, Language::kJava);
  EXPECT_EQ(head_.version, 0);
  EXPECT_EQ(head_.remark, std::nullopt);
  EXPECT_FALSE(head_.has_ext);
}

TEST_F(JsonHead, EmptyRemarkAndEmptyExtAreNotAbsent) {
  ASSERT_TRUE(Decode(R"({"remark":"","extFields":{}})").ok());
  EXPECT_EQ(head_.remark, "");
  EXPECT_TRUE(head_.has_ext);
  EXPECT_TRUE(head_.ext.empty());
  ASSERT_TRUE(Decode(R"({"remark":null,"extFields":null})").ok());
  EXPECT_EQ(head_.remark, std::nullopt);
  EXPECT_FALSE(head_.has_ext);
}

TEST_F(JsonHead, TakesExtValuesOfAnyTypeAsText) {
  ASSERT_TRUE(
      Decode(
          R"({"extFields":{"i": -12 ,"d":1.5e3,"t":true,"f":false,"n":null,"o":{"a":[1, 2]},"a":[1,"x"]}})")
          .ok());
  EXPECT_EQ(Ext("i"), "-12");
  EXPECT_EQ(Ext("d"), "1.5e3");
  EXPECT_EQ(Ext("t"), "true");
  EXPECT_EQ(Ext("f"), "false");
  EXPECT_EQ(Ext("n"), "<absent>");
  EXPECT_EQ(Ext("o"), R"({"a":[1, 2]})");
  EXPECT_EQ(Ext("a"), R"([1,"x"])");
}

TEST_F(JsonHead, ToleratesWhitespaceAroundIt) {
  ASSERT_TRUE(Decode(" \r\n{\"code\" : 10 }\n").ok());
  EXPECT_EQ(head_.code, 10);
}

TEST_F(JsonHead, SkipsUnknownMembersOfAnyShape) {
  ASSERT_TRUE(Decode(R"({"x":{"y":[{}]},"serializeTypeCurrentRPC":"JSON","z":1e5,"code":5})").ok());
  EXPECT_EQ(head_.code, 5);
}

TEST_F(JsonHead, LastOfDuplicateMembersWins) {
  ASSERT_TRUE(
      Decode(R"({"code":1,"extFields":{"k":"a","k":"b"},"code":2,"remark":"x","remark":"y"})")
          .ok());
  EXPECT_EQ(head_.code, 2);
  EXPECT_EQ(Ext("k"), "b");
  EXPECT_EQ(head_.remark, "y");
  ASSERT_TRUE(Decode(R"({"extFields":{"k":"a"},"extFields":{"l":"b"}})").ok());
  EXPECT_EQ(Ext("k"), "<absent>");
  EXPECT_EQ(Ext("l"), "b");
}

TEST_F(JsonHead, UndoesEscapes) {
  ASSERT_TRUE(
      Decode(
          R"({"extFields":{"\u0070":"a\"b\\c\/\n\t\r\b\f\u0001\u0002\u00e9\u4e2d\ud83d\ude00"}})")
          .ok());
  EXPECT_EQ(Ext("p"), "a\"b\\c/\n\t\r\b\f\x01\x02é中😀");
}

TEST_F(JsonHead, ToleratesWhatOnlyStrictJsonForbids) {
  ASSERT_TRUE(Decode("{\"extFields\":{\"a\":\"TAGS\x01x\x02\ny\"}}").ok());
  EXPECT_EQ(Ext("a"), "TAGS\x01x\x02\ny");
  ASSERT_TRUE(Decode(R"({"extFields":{"a":"x\ud800y","b":"\udc00","c":"\ud800\u0041"}})").ok());
  EXPECT_EQ(Ext("a"), "x?y");
  EXPECT_EQ(Ext("b"), "?");
  EXPECT_EQ(Ext("c"), "?A");
  ASSERT_TRUE(Decode("{\"code\":3,\"extFields\":{\"a\":\"x\xC3\",\"b\":\"\xED\xA0\x80\"}}").ok());
  EXPECT_EQ(head_.code, 3);
  EXPECT_EQ(Ext("a"), "x\xEF\xBF\xBD");
  ASSERT_TRUE(Decode(R"({"extFields":{"a":"\x41\v\0\'"}})").ok());
  EXPECT_EQ(Ext("a"), std::string("A\v\0'", 4));
}

TEST_F(JsonHead, TakesNumbersInStringsAndUnknownLanguages) {
  ASSERT_TRUE(Decode(R"({"code":"105","language":"COBOL","opaque":null})").ok());
  EXPECT_EQ(head_.code, 105);
  EXPECT_EQ(head_.language, Language::kUnknown);
  ASSERT_TRUE(Decode(R"({"language":9})").ok());
  EXPECT_EQ(head_.language, Language::kGo);
  ASSERT_TRUE(Decode(R"({"language":99})").ok());
  EXPECT_EQ(head_.language, Language::kUnknown);
}

TEST_F(JsonHead, RefusesWhatIsNoHeader) {
  for (const char* text : {"",
                           " ",
                           "null",
                           "[]",
                           "\"x\"",
                           "7",
                           "{",
                           "{\"code\":}",
                           "{\"code\":1",
                           "{\"code\":1}}",
                           "{\"code\":1} x",
                           "{\"code\":4294967297}",
                           "{\"code\":1.5}",
                           "{\"code\":{}}",
                           "{\"extFields\":[]}",
                           "{\"extFields\":\"x\"}",
                           "{\"extFields\":{\"a\":nul}}",
                           "{\"extFields\":{\"a\":\"x}}",
                           "{\"extFields\":{\"a\":01}}",
                           "{\"a\":\"\\",
                           "{\"x\":}}",
                           "{\"x\":}",
                           "{\"extFields\":{\"x\":}}}",
                           "{\"x\":[[}",
                           "{\"x\":tru}"}) {
    EXPECT_FALSE(Decode(text).ok()) << text;
  }
}

TEST_F(JsonHead, RefusesMoreFieldsThanAnyoneSends) {
  std::string text = "{\"extFields\":{\"k\":\"v\"";
  for (std::size_t i = 1; i < ExtFields::kMax; ++i) text += ",\"k\":\"v\"";
  EXPECT_TRUE(Decode(text + "}}").ok());
  EXPECT_EQ(head_.ext.size(), ExtFields::kMax);
  EXPECT_FALSE(Decode(text + ",\"k\":\"v\"}}").ok());
}

TEST_F(JsonHead, ParsesInPlaceWhateverFollowsTheHeader) {
  std::string buffer = R"({"code":7,"extFields":{"a":"b"}})";
  const std::size_t header_bytes = buffer.size();
  buffer += "\"}]garbage \xFF\xFE";
  buffer.append(kReadPadding, '"');
  ASSERT_TRUE(
      decoder_.Decode(std::string_view(buffer).substr(0, header_bytes), kReadPadding, &head_).ok());
  EXPECT_EQ(head_.code, 7);
  EXPECT_EQ(Ext("a"), "b");
}

TEST_F(JsonHead, SurvivesAMalformedOneBefore) {
  EXPECT_FALSE(Decode("{\"extFields\":{\"a\":").ok());
  ASSERT_TRUE(Decode(R"({"code":8})").ok());
  EXPECT_EQ(head_.code, 8);
  EXPECT_TRUE(head_.ext.empty());
}

}  // namespace
}  // namespace comet::wire
