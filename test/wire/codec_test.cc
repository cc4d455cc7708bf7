#include "remoting/wire/codec.h"

#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "remoting/wire/requests/send_message.h"

namespace comet::wire {
namespace {

enum class Boundary : std::uint8_t { kLower, kUpper };

constexpr auto NamesOf(Boundary) {
  return std::array<std::string_view, 2>{"lower", "upper"};
}

struct Everything {
  std::string_view view;
  std::string text;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  bool flag = false;
  double ratio = 0;
  Boundary boundary = Boundary::kLower;
  std::optional<std::int32_t> maybe_i32;
  std::optional<std::string_view> maybe_view;

  static constexpr auto Fields() {
    using S = Everything;
    return Declaration{F(&S::view, "view", Need::kRequired, "", "v"),
                       F(&S::text, "text", Need::kOptional, ""),
                       F(&S::i32, "i32", Need::kRequired, ""),
                       F(&S::i64, "i64", Need::kOptional, ""),
                       F(&S::flag, "flag", Need::kOptional, ""),
                       F(&S::ratio, "ratio", Need::kOptional, ""),
                       F(&S::boundary, "boundary", Need::kOptional, ""),
                       F(&S::maybe_i32, "maybeI32", Need::kOptional, ""),
                       F(&S::maybe_view, "maybeView", Need::kOptional, "")};
  }
};

ExtFields Ext(std::initializer_list<ExtField> fields) {
  ExtFields ext;
  for (const auto& field : fields) ext.Add(field.key, field.value);
  return ext;
}

std::string ErrorOf(std::initializer_list<ExtField> fields) {
  Everything out;
  return DecodeFields(Ext(fields), &out).message();
}

std::map<std::string, std::string> Encoded(const Everything& from, Spelling spelling) {
  std::map<std::string, std::string> fields;
  EncodeFields(from, spelling,
               [&](std::string_view k, std::string_view v) { fields.emplace(k, v); });
  return fields;
}

TEST(DecodeFields, ReadsEveryTypeInAnyOrder) {
  Everything out;
  const ExtFields ext = Ext({{"maybeView", ""},
                             {"boundary", "UPPER"},
                             {"ratio", "1.5"},
                             {"i64", "-9223372036854775808"},
                             {"unknown", "x"},
                             {"flag", "True"},
                             {"maybeI32", "+5"},
                             {"i32", "2147483647"},
                             {"text", "t"},
                             {"v", "by alias"}});
  const Status status = DecodeFields(ext, &out);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(out.view, "by alias");
  EXPECT_EQ(out.text, "t");
  EXPECT_EQ(out.i32, 2147483647);
  EXPECT_EQ(out.i64, std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(out.flag);
  EXPECT_EQ(out.ratio, 1.5);
  EXPECT_EQ(out.boundary, Boundary::kUpper);
  EXPECT_EQ(out.maybe_i32, 5);
  EXPECT_EQ(out.maybe_view, "");
}

TEST(DecodeFields, NamesTheFieldAndTheFault) {
  EXPECT_EQ(ErrorOf({{"i32", "1"}}), "field view is missing");
  EXPECT_EQ(ErrorOf({{"view", "x"}}), "field i32 is missing");
  EXPECT_EQ(ErrorOf({{"view", ""}, {"i32", "abc"}}), "field i32: 'abc' is not a number");
  EXPECT_EQ(ErrorOf({{"view", ""}, {"i32", "2147483648"}}),
            "field i32: '2147483648' does not fit its type");
  EXPECT_EQ(ErrorOf({{"i32", "1 "}}), "field i32: '1 ' is not a number");
  EXPECT_EQ(ErrorOf({{"i32", "12:"}}), "field i32: '12:' is not a number");
  EXPECT_EQ(ErrorOf({{"i32", "/12"}}), "field i32: '/12' is not a number");
  EXPECT_EQ(ErrorOf({{"i32", "+-1"}}), "field i32: '+-1' is not a number");
  EXPECT_EQ(ErrorOf({{"i32", ""}}), "field i32: '' is not a number");
  EXPECT_EQ(ErrorOf({{"flag", "yes"}}), "field flag: 'yes' is neither true nor false");
  EXPECT_EQ(ErrorOf({{"boundary", "x"}}), "field boundary: 'x' is not one of the known names");
  EXPECT_EQ(ErrorOf({{"ratio", "1e999"}}), "field ratio: '1e999' does not fit its type");
  EXPECT_EQ(ErrorOf({{"v", std::string(kMaxFieldBytes + 1, 'x')}}), "field view: '' is too long");
  EXPECT_EQ(ErrorOf({{"i32", std::string(100, 'x')}}),
            "field i32: '" + std::string(64, 'x') + "...' is not a number");
}

TEST(DecodeFields, AnEmptyOptionalNumberIsAbsent) {
  Everything out;
  out.i64 = 7;
  ASSERT_TRUE(
      DecodeFields(Ext({{"view", ""}, {"i32", "1"}, {"maybeI32", ""}, {"i64", ""}}), &out).ok());
  EXPECT_EQ(out.maybe_i32, std::nullopt);
  EXPECT_EQ(out.i64, 7);
}

TEST(DecodeFields, TheLastOfEqualKeysCounts) {
  Everything out;
  ASSERT_TRUE(
      DecodeFields(Ext({{"view", "a"}, {"i32", "1"}, {"v", "b"}, {"i32", "2"}}), &out).ok());
  EXPECT_EQ(out.view, "b");
  EXPECT_EQ(out.i32, 2);
}

TEST(DecodeFields, ReadsBothSpellingsOfASend) {
  const auto check = [](const ExtFields& ext) {
    SendMessage::Header header;
    ASSERT_TRUE(DecodeFields(ext, &header).ok());
    EXPECT_EQ(header.topic, "t");
    EXPECT_EQ(header.queue_id, 3);
    EXPECT_TRUE(header.batch);
  };
  check(Ext({{"a", "g"},
             {"b", "t"},
             {"c", "TBW102"},
             {"d", "4"},
             {"e", "3"},
             {"f", "0"},
             {"g", "1"},
             {"h", "0"},
             {"m", "true"}}));
  check(Ext({{"producerGroup", "g"},
             {"topic", "t"},
             {"defaultTopic", "TBW102"},
             {"defaultTopicQueueNums", "4"},
             {"queueId", "3"},
             {"sysFlag", "0"},
             {"bornTimestamp", "1"},
             {"flag", "0"},
             {"batch", "true"}}));
}

TEST(EncodeFields, WritesEverythingButEmptyOptionals) {
  Everything from;
  from.view = "v";
  using Map = std::map<std::string, std::string>;
  const Map least = {{"view", "v"},     {"i32", "0"},   {"i64", "0"},
                     {"flag", "false"}, {"ratio", "0"}, {"boundary", "lower"}};
  EXPECT_EQ(Encoded(from, Spelling::kLong), least);
  from.text = "t";
  from.maybe_i32 = -1;
  from.maybe_view = "";
  from.flag = true;
  const auto most = Encoded(from, Spelling::kShort);
  EXPECT_EQ(most.at("v"), "v");
  EXPECT_EQ(most.at("text"), "t");
  EXPECT_EQ(most.at("maybeI32"), "-1");
  EXPECT_EQ(most.at("maybeView"), "");
  EXPECT_EQ(most.at("flag"), "true");
}

TEST(ExtFields, SpillsAndIsReusable) {
  ExtFields ext;
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> keys;
    for (int i = 0; i < 100; ++i) keys.push_back(std::to_string(i));
    for (const auto& key : keys) ext.Add(key, key);
    ASSERT_EQ(ext.size(), 100U);
    for (const auto& key : keys) EXPECT_EQ(ext.Find(key), key);
    EXPECT_EQ(ext.Find("100"), std::nullopt);
    EXPECT_EQ(ext.begin()->key, "0");
    ext.Clear();
    EXPECT_TRUE(ext.empty());
    EXPECT_EQ(ext.begin(), ext.end());
  }
}

TEST(ExtFields, ACopyHoldsTheSame) {
  for (const int count : {0, 1, 15, 16, 17, 40}) {
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) keys.push_back(std::to_string(i));
    ExtFields ext;
    for (const auto& key : keys) ext.Add(key, "of it");
    ExtFields copy = ext;
    ext.Clear();
    ext.Add("other", "");
    ASSERT_EQ(copy.size(), keys.size());
    for (const auto& key : keys) EXPECT_EQ(copy.Find(key), "of it");
    copy.Add("more", "");
    EXPECT_EQ(copy.size(), keys.size() + 1);
  }
}

}  // namespace
}  // namespace comet::wire
