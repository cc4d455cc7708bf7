#include "remoting/base/json.h"

#include <gtest/gtest.h>

#include "remoting/base/json_writer.h"

namespace comet {
namespace {

// Reads and writes back in fastjson's own form.
std::string Echo(std::string_view text, JsonStyle style = JsonStyle::kFastjson) {
  const auto value = ParseJson(text);
  if (!value.ok()) return "error: " + value.error().message();
  std::string out;
  AppendJson(&out, *value, style);
  return out;
}

TEST(ParseJson, ReadsWhatFastjsonWrites) {
  for (const std::string_view text :
       {R"({"brokerAddrs":{0:"127.0.0.1:10911",1:"127.0.0.1:20911"}})",
        R"({"correctionOffsets":{0:12,1:9223372036854775807}})",
        R"({"t":{{"brokerName":"broker-a","queueId":0,"topic":"TopicA"}:{"brokerOffset":7}}})",
        R"({true:"t"})", R"({1.5:"d"})", R"({null:"n"})", R"([1,null,"x"])", R"({})", R"([])",
        R"({"n":9007199254740993,"d":0.0,"e":1.0E20,"f":1.0E-7,"m":-1})"}) {
    EXPECT_EQ(Echo(text), text);
  }
}

TEST(ParseJson, AcceptsTheDialect) {
  EXPECT_EQ(Echo("\xef\xbb\xbf \n{'a':'x\"y', b_1 : 1 , /* c */ \"d\":[1,2,], // end\n}\n "),
            R"({"a":"x\"y","b_1":1,"d":[1,2]})");
  EXPECT_EQ(Echo("{\"a\":NaN,\"b\":undefined,\"c\":true}"), R"({"c":true})");
  EXPECT_EQ(Echo("[1e3,105.0,-0.25]"), "[1000.0,105.0,-0.25]");
  EXPECT_EQ(Echo(""), "null");
  EXPECT_EQ(Echo("  \n"), "null");
  EXPECT_EQ(Echo("null"), "null");
}

TEST(ParseJson, DecodesEscapes) {
  const auto value = ParseJson(R"("\x41\v\'\0\u4e2d\uD83D\uDE00\ud83d!\/")");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value->AsString(), std::string("A\v'\0\u4e2d\U0001f600?!/", 14));
  EXPECT_EQ(*ParseJson("\"raw \x01\n\x02\"")->AsString(), "raw \x01\n\x02");
}

TEST(ParseJson, TellsWhereTheTextIsWrong) {
  EXPECT_EQ(Echo("{\"a\":}"), "error: JSON at byte 5: expected a value");
  EXPECT_EQ(Echo("{\"a\" 1}"), "error: JSON at byte 5: expected :");
  EXPECT_EQ(Echo("{} x"), "error: JSON at byte 3: text behind the value");
  EXPECT_EQ(Echo("[1 2]"), "error: JSON at byte 3: expected , or ]");
  EXPECT_EQ(Echo("{,}"), "error: JSON at byte 1: expected a member name");
  EXPECT_EQ(Echo("\"abc"), "error: JSON at byte 4: string without an end");
  EXPECT_EQ(Echo("\"\\q\""), "error: JSON at byte 3: unknown escape in a string");
  EXPECT_EQ(Echo("1-2"), "error: JSON at byte 0: malformed number");
  EXPECT_EQ(Echo("{\"a\":1"), "error: JSON at byte 6: expected , or }");
  EXPECT_EQ(Echo("/* x"), "error: JSON at byte 0: comment without an end");
}

TEST(ParseJson, BoundsDepthBytesAndValues) {
  EXPECT_TRUE(ParseJson(std::string(60, '[') + std::string(60, ']')).ok());
  EXPECT_FALSE(ParseJson(std::string(100000, '[')).ok());
  EXPECT_FALSE(ParseJson(std::string(100000, '{')).ok());
  EXPECT_EQ(ParseJson("[1,2,3]", {.bytes = 6}).error().message(), "JSON of 7 bytes, more than 6");
  EXPECT_EQ(ParseJson("[1,2,3]", {.nodes = 3}).error().message(),
            "JSON at byte 5: too many values");
  EXPECT_TRUE(ParseJson("[1,2,3]", {.nodes = 4}).ok());
}

TEST(ParseJson, ResolvesReferences) {
  EXPECT_EQ(Echo(R"({"x":{"a":[5]},"y":{"$ref":"$.x"},"z":{"$ref":"$.x.a[0]"}})"),
            R"({"x":{"a":[5]},"y":{"a":[5]},"z":5})");
  EXPECT_EQ(Echo(R"([{"k.1":1},{"$ref":"$[0]"},{"$ref":"$[0].k\\.1"},{"$ref":"$[0]['k.1']"}])"),
            R"([{"k.1":1},{"k.1":1},1,1])");
  EXPECT_EQ(Echo(R"({"later":{"$ref":"$.a"},"a":{"$ref":"$.b"},"b":{3:[4]}})"),
            R"({"later":{3:[4]},"a":{3:[4]},"b":{3:[4]}})");
  EXPECT_EQ(Echo(R"({"b":{3:[4]},"c":{"$ref":"$.b[3]"}})"), R"({"b":{3:[4]},"c":[4]})");
}

TEST(ParseJson, NullMembersDoNotHideAReference) {
  EXPECT_EQ(Echo(R"({"a":1,"b":{"$ref":"$.a","x":null,"$ref":null}})"), R"({"a":1,"b":1})");
  EXPECT_EQ(Echo(R"({"a":1,"b":{"$ref":"$.a","x":2}})"), R"({"a":1,"b":{"$ref":"$.a","x":2}})");
}

TEST(ParseJson, RefusesReferencesThatCannotBeResolved) {
  for (const std::string_view text :
       {R"({"a":{"$ref":"$"}})", R"({"a":{"$ref":"@"}})", R"({"a":{"$ref":".."}})",
        R"({"a":{"$ref":"$.a"}})", R"({"a":{"x":{"$ref":"$.b"}},"b":{"y":{"$ref":"$.a"}}})",
        R"({"$ref":"$"})"}) {
    EXPECT_NE(Echo(text).find("to an object around itself"), std::string::npos) << text;
  }
  EXPECT_EQ(Echo(R"({"a":{"$ref":"$.b"}})"), "error: JSON reference to nothing: $.b");
}

TEST(ParseJson, ReferencesDoNotMultiply) {
  std::string text = R"({"a0":[1,1,1,1,1,1,1,1])";
  for (int i = 1; i < 40; ++i) {
    text += ",\"a" + std::to_string(i) + "\":[";
    for (int k = 0; k < 8; ++k) {
      text += std::string(k == 0 ? "" : ",") + R"({"$ref":"$.a)" + std::to_string(i - 1) + "\"}";
    }
    text += "]";
  }
  EXPECT_EQ(ParseJson(text + "}").error().message(), "JSON references name too many values");
}

TEST(AppendJsonString, EscapesAsFastjsonDoes) {
  const std::string text = "a\"b\\c/\n\t\r\b\f\x01\x7f\u2028<\u00e9\u4e2d\U0001f600'";
  std::string out;
  AppendJsonString(&out, text, JsonStyle::kFastjson);
  EXPECT_EQ(out, "\"a\\\"b\\\\c/\\n\\t\\r\\b\\f\\u0001\\u007F\\u2028<\u00e9\u4e2d\U0001f600'\"");
  out.clear();
  AppendJsonString(&out, "a\"b\\c/\n\t\x01<>(\u00e9\u4e2d\U0001f600'", JsonStyle::kStrict);
  EXPECT_EQ(out, R"("a\"b\\c\/\n\t\u0001<>(\u00E9\u4E2D\uD83D\uDE00'")");
}

TEST(AppendJsonString, WritesOnlyUtf8) {
  std::string out;
  AppendJsonString(&out, "a\xff\xe4\xb8z\xed\xa0\x80", JsonStyle::kFastjson);
  EXPECT_EQ(out, "\"a\ufffd\ufffd\ufffdz\ufffd\ufffd\ufffd\"");
}

TEST(AppendJsonNumber, WritesDoublesAsJava) {
  const auto text = [](double value) {
    std::string out;
    AppendJsonNumber(&out, value);
    return out;
  };
  EXPECT_EQ(text(0), "0.0");
  EXPECT_EQ(text(-0.0), "-0.0");
  EXPECT_EQ(text(1), "1.0");
  EXPECT_EQ(text(1.6), "1.6");
  EXPECT_EQ(text(0.001), "0.001");
  EXPECT_EQ(text(0.00025), "2.5E-4");
  EXPECT_EQ(text(1234567.5), "1234567.5");
  EXPECT_EQ(text(1e7), "1.0E7");
  EXPECT_EQ(text(1e20), "1.0E20");
  EXPECT_EQ(text(1e-7), "1.0E-7");
  EXPECT_EQ(text(100), "100.0");
  EXPECT_EQ(text(-12.25), "-12.25");
  EXPECT_EQ(text(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(text(std::numeric_limits<double>::infinity()), "null");
}

TEST(AppendJson, StrictStyleQuotesKeysAndLargeIntegers) {
  EXPECT_EQ(Echo(R"({0:"a/b",{"q":1}:9007199254740991,"l":9007199254740992,"m":-9007199254740993})",
                 JsonStyle::kStrict),
            R"({"0":"a\/b","{\"q\":1}":9007199254740991,"l":"9007199254740992",)"
            R"("m":"-9007199254740993"})");
}

TEST(Json, ComparesObjectsWithoutOrder) {
  const auto parse = [](std::string_view text) {
    return ParseJson(text).Take();
  };
  EXPECT_EQ(parse(R"({"a":1,"b":[2]})"), parse(R"({"b":[2],"a":7,"a":1})"));
  EXPECT_FALSE(parse(R"({"a":1})") == parse(R"({"a":1,"b":2})"));
  EXPECT_FALSE(parse(R"({"a":1})") == parse(R"([1])"));
  EXPECT_FALSE(parse("1") == parse("1.0"));
}

}  // namespace
}  // namespace comet
