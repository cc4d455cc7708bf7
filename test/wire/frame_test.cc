#include "remoting/wire/frame.h"

#include <gtest/gtest.h>

#include "remoting/base/bytes.h"
#include "remoting/wire/requests/get_route.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::wire {
namespace {

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

Head GetRouteHead(HeaderForm form) {
  Head head;
  head.form = form;
  head.code = 105;
  head.opaque = 7;
  return head;
}

// Cuts and decodes the one frame of `bytes`; keeps what the frame borrows.
struct Decoded {
  explicit Decoded(std::string frame_bytes) : bytes(std::move(frame_bytes)) {
    const CutResult cut = CutFrame(bytes);
    EXPECT_EQ(cut.state, CutState::kFrame) << cut.reason;
    EXPECT_EQ(cut.frame.bytes, bytes.size());
    const Status status = decoder.Decode(cut.frame, 0, &frame);
    EXPECT_TRUE(status.ok()) << status.message();
  }
  std::string bytes;
  FrameDecoder decoder;
  Frame frame;
};

TEST(Frame, JsonFormIsJavasTextInJavasOrder) {
  std::string out;
  AppendFrame(GetRouteHead(HeaderForm::kJson), GetRoute::Header{"TBW102", {}}, "", &out);
  const std::string header =
      R"({"code":105,"extFields":{"topic":"TBW102"},"flag":0,"language":"JAVA","opaque":7,)"
      R"("serializeTypeCurrentRPC":"JSON","version":479})";
  EXPECT_EQ(out, Unhex("0000008400000080") + header);
}

TEST(Frame, BinaryFormIsTheDocumentedBytes) {
  std::string out;
  AppendFrame(GetRouteHead(HeaderForm::kBinary), GetRoute::Header{"TBW102", {}}, "", &out);
  EXPECT_EQ(out, Unhex("0000002a01000026006900"
                       "01df0000000700000000000000000000001100"
                       "05746f70696300000006544257313032"));
  Head reply = GetRouteHead(HeaderForm::kBinary).Reply(17);
  reply.remark = "x";
  out.clear();
  AppendFrame(reply, "", &out);
  EXPECT_EQ(out, Unhex("0000001a0100001600110001df0000000700000001000000017800000000"));
}

TEST(Frame, RoundTripsInBothForms) {
  for (const auto form : {HeaderForm::kJson, HeaderForm::kBinary}) {
    Head head;
    head.form = form;
    head.code = -12;
    head.language = Language::kCpp;
    head.opaque = -2147483648;
    head.flag = kFlagReply | kFlagOneway;
    head.remark = "line\n\"quoted\" \x01 \\ é";
    head.ext.Add("key", "TAGS\x01x\x02");
    std::string out = "earlier output";
    const std::size_t start = out.size();
    AppendFrame(head, "body\0bytes", &out);
    const Decoded decoded(out.substr(start));
    const Head& got = decoded.frame.head;
    EXPECT_EQ(got.form, form);
    EXPECT_EQ(got.code, head.code);
    EXPECT_EQ(got.language, head.language);
    EXPECT_EQ(got.version, kVersion);
    EXPECT_EQ(got.opaque, head.opaque);
    EXPECT_EQ(got.flag, head.flag);
    EXPECT_EQ(got.remark, head.remark);
    ASSERT_EQ(got.ext.size(), 1U);
    EXPECT_EQ(got.ext.Find("key"), "TAGS\x01x\x02");
    EXPECT_EQ(decoded.frame.body, std::string_view("body\0bytes"));
    EXPECT_TRUE(got.is_reply());
    EXPECT_TRUE(got.is_oneway());
  }
}

// Pieces are gathered before they are appended: fields of every length around that.
TEST(Frame, FieldsOfEveryLengthRoundTripInBothForms) {
  for (const auto form : {HeaderForm::kJson, HeaderForm::kBinary}) {
    for (const std::string_view end : {"", "\"", "\\n"}) {
      for (std::size_t length = 0; length < 700; length += length < 60 || length > 400 ? 1 : 40) {
        const std::string value = std::string(length, 'v').append(end);
        Head head;
        head.form = form;
        head.remark = value;
        head.ext.Add("a", "first");
        head.ext.Add("key", value);
        head.ext.Add(value, "behind it");
        head.ext.Add("z", "last");
        std::string out = "earlier output";
        const std::size_t start = out.size();
        AppendFrame(head, "body", &out);
        const Decoded decoded(out.substr(start));
        const Head& got = decoded.frame.head;
        EXPECT_EQ(got.remark.value_or(""), value);
        ASSERT_EQ(got.ext.size(), 4U);
        EXPECT_EQ(got.ext.Find("a"), "first");
        EXPECT_EQ(got.ext.Find("key"), value);
        EXPECT_EQ(got.ext.Find(value), "behind it");
        EXPECT_EQ(got.ext.Find("z"), "last");
        EXPECT_EQ(decoded.frame.body, "body");
      }
    }
  }
}

TEST(Frame, ACodeBeyond16BitsGoesOutAsJson) {
  Head head;
  head.form = HeaderForm::kBinary;
  head.code = 200050;
  std::string out;
  AppendFrame(head, "", &out);
  const Decoded decoded(out);
  EXPECT_EQ(decoded.frame.head.form, HeaderForm::kJson);
  EXPECT_EQ(decoded.frame.head.code, 200050);
}

TEST(Frame, AReplyHasItsRequestsFormAndOpaque) {
  Head request;
  request.form = HeaderForm::kBinary;
  request.opaque = 99;
  request.language = Language::kGo;
  request.version = 317;
  request.flag = kFlagOneway;
  const Head reply = request.Reply(22);
  EXPECT_EQ(reply.form, HeaderForm::kBinary);
  EXPECT_EQ(reply.opaque, 99);
  EXPECT_EQ(reply.code, 22);
  EXPECT_EQ(reply.flag, kFlagReply);
  EXPECT_EQ(reply.version, kVersion);
  EXPECT_EQ(reply.language, Language::kJava);
}

TEST(Frame, EmptyExtFieldsAndRemarkAreWrittenWhenAskedFor) {
  Head head;
  head.has_ext = true;
  head.remark = "";
  std::string out;
  AppendFrame(head, "", &out);
  EXPECT_NE(out.find(R"("extFields":{})"), std::string::npos);
  EXPECT_NE(out.find(R"("remark":"")"), std::string::npos);
  out.clear();
  AppendFrame(Head{}, "", &out);
  EXPECT_EQ(out.find("extFields"), std::string::npos);
  EXPECT_EQ(out.find("remark"), std::string::npos);
}

TEST(Frame, ARemarkIsCutToWhatPeopleRead) {
  std::string remark = "a";
  for (int i = 0; i < 5000; ++i) remark += "é";  // the limit falls into the middle of one
  Head head;
  head.remark = remark;
  std::string out;
  AppendFrame(head, "", &out);
  const Decoded decoded(out);
  EXPECT_EQ(*decoded.frame.head.remark, remark.substr(0, 8191));
}

TEST(Frame, FinishHeaderLeavesRoomForABodySentElsewhere) {
  std::string out;
  FrameWriter writer(GetRouteHead(HeaderForm::kJson), &out);
  writer.FinishHeader(1000);
  EXPECT_EQ(CutFrame(out).state, CutState::kNeedMore);
  EXPECT_EQ(CutFrame(out).need, out.size() + 1000);
  out.append(1000, 'b');
  EXPECT_EQ(Decoded(out).frame.body.size(), 1000U);
}

TEST(CutFrame, SaysHowMuchIsNeededAtEveryByte) {
  std::string out;
  AppendFrame(GetRouteHead(HeaderForm::kBinary), GetRoute::Header{"TBW102", {}}, "body", &out);
  for (std::size_t have = 0; have < out.size(); ++have) {
    const CutResult cut = CutFrame(std::string_view(out).substr(0, have));
    ASSERT_EQ(cut.state, CutState::kNeedMore) << have;
    EXPECT_EQ(cut.need, have < 4 ? kFramePrefixBytes : out.size()) << have;
  }
  const std::size_t bytes = out.size();
  out += "next";
  const CutResult cut = CutFrame(out);
  ASSERT_EQ(cut.state, CutState::kFrame);
  EXPECT_EQ(cut.frame.bytes, bytes);
  EXPECT_EQ(cut.frame.body, "body");
}

TEST(CutFrame, RefusesEveryImpossibleLengthWithAReason) {
  const auto reason = [](std::string_view hex, const FrameLimits& limits = {}) {
    const CutResult cut = CutFrame(Unhex(hex), limits);
    EXPECT_EQ(cut.state, CutState::kMalformed) << hex;
    return cut.reason;
  };
  EXPECT_EQ(reason("ffffffff"), "negative frame length");
  EXPECT_EQ(reason("80000000"), "negative frame length");
  EXPECT_EQ(reason("01000000"), "frame longer than allowed");  // 16 MiB + 4
  EXPECT_EQ(reason("00fffffd"), "frame longer than allowed");
  EXPECT_EQ(reason("00000000"), "frame too short for its header length");
  EXPECT_EQ(reason("00000003"), "frame too short for its header length");
  EXPECT_EQ(reason("0000000401000001"), "header longer than its frame");
  EXPECT_EQ(reason("0000000402000000"), "unknown header form");
  EXPECT_EQ(reason("00000004ff000000"), "unknown header form");
  EXPECT_EQ(reason("0020000400100001"), "header longer than allowed");
  EXPECT_EQ(reason("00000015", {20, 20}), "frame longer than allowed");
}

TEST(CutFrame, AcceptsTheLargestFrame) {
  EXPECT_EQ(CutFrame(Unhex("00fffffc00000000")).state, CutState::kNeedMore);
  EXPECT_EQ(CutFrame(Unhex("00fffffc00000000")).need, std::size_t{16} << 20);
}

}  // namespace
}  // namespace comet::wire
