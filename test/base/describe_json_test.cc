#include "remoting/base/describe_json.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

using namespace std::string_view_literals;

enum class Model : std::uint8_t { kBroadcasting, kClustering };
constexpr auto NamesOf(Model /*model*/) {
  return std::array{"BROADCASTING"sv, "CLUSTERING"sv};
}

struct Queue {
  std::string topic;
  std::int32_t id = 0;
  auto operator<=>(const Queue&) const = default;

  static constexpr auto Fields() {
    return Declaration{F(&Queue::topic, "topic", Need::kRequired, "Topic."),
                       F(&Queue::id, "queueId", Need::kOptional, "Number.")};
  }
};

struct Everything {
  bool flag = true;
  std::int32_t number = 7;
  std::int64_t big = -1;
  double rate = 0;
  std::string text = "initial";
  Model model = Model::kClustering;
  std::optional<std::string> maybe;
  std::vector<Queue> list;
  std::set<std::int32_t> codes;
  std::map<std::int64_t, std::string> addresses;
  std::map<Queue, std::int64_t> offsets;
  std::map<std::string, std::map<std::int32_t, std::int64_t>> nested;
  Json any;

  static constexpr auto Fields() {
    using T = Everything;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&T::text, "text", kNo, ""),       F(&T::flag, "flag", kNo, ""),
                       F(&T::number, "number", kNo, ""),   F(&T::big, "big", kNo, ""),
                       F(&T::rate, "rate", kNo, ""),       F(&T::model, "messageModel", kNo, ""),
                       F(&T::maybe, "maybe", kNo, ""),     F(&T::list, "list", kNo, ""),
                       F(&T::codes, "codeSet", kNo, ""),   F(&T::addresses, "addresses", kNo, ""),
                       F(&T::offsets, "offsets", kNo, ""), F(&T::nested, "nested", kNo, ""),
                       F(&T::any, "any", kNo, "")};
  }
};

std::string ErrorOf(std::string_view text) {
  const auto read = FromJson<Everything>(text);
  return read.ok() ? "none" : read.error().message();
}

constexpr std::string_view kFull =
    R"({"addresses":{0:"a:1",-3:"b:2"},"any":{"x":[1]},"big":9007199254740993,"codeSet":[3,5],)"
    R"("flag":false,"list":[{"queueId":2,"topic":"t"}],"maybe":"m","messageModel":"BROADCASTING",)"
    R"("nested":{"g@t":{0:12}},"number":-4,"offsets":{{"queueId":1,"topic":"u"}:100},"rate":1.5,)"
    R"("text":"a\"b"})";

TEST(DescribeJson, WritesMembersAlphabeticallyAndReadsThemBack) {
  const auto read = FromJson<Everything>(kFull);
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_FALSE(read->flag);
  EXPECT_EQ(read->number, -4);
  EXPECT_EQ(read->big, 9007199254740993);
  EXPECT_EQ(read->model, Model::kBroadcasting);
  EXPECT_EQ(read->offsets.at(Queue{"u", 1}), 100);
  EXPECT_EQ(read->nested.at("g@t").at(0), 12);
  const auto again = FromJson<Everything>(ToJson(*read));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*ParseJson(ToJson(*again)), *ParseJson(kFull));
  auto sorted = *read;
  sorted.addresses.erase(-3);
  EXPECT_EQ(ToJson(sorted).substr(0, 40), R"({"addresses":{0:"a:1"},"any":{"x":[1]},")");
}

TEST(DescribeJson, LeavesOutEmptyOptionalsAndNothingElse) {
  EXPECT_EQ(ToJson(Everything()),
            R"({"addresses":{},"big":-1,"codeSet":[],"flag":true,"list":[],)"
            R"("messageModel":"CLUSTERING","nested":{},"number":7,"offsets":{},"rate":0.0,)"
            R"("text":"initial"})");
}

TEST(DescribeJson, StrictStyleIsStrictJson) {
  const auto read = FromJson<Everything>(
      R"({"addresses":{0:"a/b"},"offsets":{{"queueId":1,"topic":"u"}:9007199254740993}})");
  const auto text = ToJson(*read, JsonStyle::kStrict);
  EXPECT_NE(text.find(R"("addresses":{"0":"a\/b"})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("{\"queueId\":1,\"topic\":\"u\"}":"9007199254740993")"), std::string::npos)
      << text;
  EXPECT_EQ(FromJson<Everything>(text)->offsets.begin()->first.topic, "u");  // and is read back
}

TEST(DescribeJson, MissingUnknownAndNullMembersKeepTheInitialValue) {
  const auto read = FromJson<Everything>(
      R"({"other":[{"x":1}],"number":null,"text":null,"list":null,"offsets":{}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->number, 7);
  EXPECT_EQ(read->text, "initial");
  EXPECT_TRUE(read->list.empty());
}

TEST(DescribeJson, MatchesNamesAndConvertsScalarsAsFastjson) {
  const auto read = FromJson<Everything>(
      R"({"FLAG":"Y","_num-ber":"12","big":1e3,"rate":"2.5","Text":17,"message_model":0,)"
      R"("codeSet":["-12",5],"list":[null,{"topic":true,"queueId":105.0}],"maybe":{"a":1},)"
      R"("addresses":{"4":"x"},"nested":{5:{"6":7}}})");
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_TRUE(read->flag);
  EXPECT_EQ(read->number, 12);
  EXPECT_EQ(read->big, 1000);
  EXPECT_EQ(read->rate, 2.5);
  EXPECT_EQ(read->text, "17");
  EXPECT_EQ(read->model, Model::kBroadcasting);
  EXPECT_EQ(read->codes, (std::set<std::int32_t>{-12, 5}));
  EXPECT_EQ(read->list, (std::vector<Queue>{{"true", 105}}));
  EXPECT_EQ(read->maybe, R"({"a":1})");
  EXPECT_EQ(read->addresses.at(4), "x");
  EXPECT_EQ(read->nested.at("5").at(6), 7);
}

TEST(DescribeJson, TheLastOfTwoMembersCounts) {
  const auto read = FromJson<Everything>(R"({"number":1,"list":[{"topic":"a"}],"number":2,)"
                                         R"("list":[{"topic":"b"}]})");
  EXPECT_EQ(read->number, 2);
  ASSERT_EQ(read->list.size(), 1U);
  EXPECT_EQ(read->list[0].topic, "b");
}

TEST(DescribeJson, ErrorsNameTheMember) {
  EXPECT_EQ(ErrorOf(R"({"number":4294967297})"), "JSON: number: number out of range");
  EXPECT_EQ(ErrorOf(R"({"number":" 7"})"), "JSON: number: not a whole number");
  EXPECT_EQ(ErrorOf(R"({"rate":"nan"})"), "JSON: rate: not a number");
  EXPECT_EQ(ErrorOf(R"({"flag":"yes"})"), "JSON: flag: not true or false");
  EXPECT_EQ(ErrorOf(R"({"messageModel":"SOME"})"),
            "JSON: messageModel: not a name of the enumeration");
  EXPECT_EQ(ErrorOf(R"({"messageModel":2})"), "JSON: messageModel: not a name of the enumeration");
  EXPECT_EQ(ErrorOf(R"({"list":[{"topic":"a"},{"queueId":1}]})"), "JSON: list[1].topic: missing");
  EXPECT_EQ(ErrorOf(R"({"list":{}})"), "JSON: list: not an array");
  EXPECT_EQ(ErrorOf(R"({"nested":{"g":{"x":1}}})"), "JSON: nested.\"g\".key: not a whole number");
  EXPECT_EQ(ErrorOf(R"({"offsets":{"u":1}})"),
            "JSON: offsets.key: JSON at byte 0: expected a value");
  EXPECT_EQ(ErrorOf(R"({"offsets":{7:1}})"), "JSON: offsets.key: not an object");
  EXPECT_EQ(ErrorOf("[]"), "JSON: not an object");
  EXPECT_EQ(ErrorOf("\"x\""), "JSON: not an object");
  EXPECT_EQ(ErrorOf(""), "JSON: nothing where an object belongs");
}

}  // namespace
}  // namespace comet
