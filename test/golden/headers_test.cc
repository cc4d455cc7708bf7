#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remoting/wire/frame.h"
#include "test/golden/golden_frames.h"

namespace comet::golden {
namespace {

using wire::CutFrame;
using wire::CutState;
using wire::HeaderForm;

std::map<std::string, std::string> AsMap(const wire::ExtFields& ext) {
  std::map<std::string, std::string> map;
  for (const auto& field : ext) map[std::string(field.key)] = field.value;
  return map;
}

// One hand-made request comes from a language that nobody knows.
std::string KnownLanguage(const std::string& name) {
  return name == "NOSUCH" ? "" : name;
}

void ExpectRecordedMembers(const wire::Head& head, const GoldenFrame& golden) {
  EXPECT_EQ(head.code, golden.code);
  EXPECT_EQ(wire::LanguageName(head.language), KnownLanguage(golden.language));
  EXPECT_EQ(head.version, golden.version);
  EXPECT_EQ(head.opaque, golden.opaque);
  EXPECT_EQ(head.flag, golden.flag);
  EXPECT_EQ(head.remark, golden.remark);
  EXPECT_EQ(head.has_ext, golden.ext.has_value());
  if (golden.ext) {
    EXPECT_EQ(AsMap(head.ext), *golden.ext);
  }
}

TEST(GoldenHeaders, EveryFrameDecodesToItsRecordedMembers) {
  wire::FrameDecoder decoder;
  int frames = 0, broken = 0;
  ForEachGoldenFrame([&](const GoldenFrame& golden) {
    SCOPED_TRACE(golden.Name());
    std::string bytes = golden.Bytes();
    const std::size_t frame_bytes = bytes.size();
    bytes.append(wire::kReadPadding, '"');
    const auto cut = CutFrame(bytes);
    wire::Frame frame;
    if (golden.broken) {
      ++broken;
      const bool refused = cut.state == CutState::kMalformed ||
                           !decoder.Decode(cut.frame, wire::kReadPadding, &frame).ok();
      EXPECT_TRUE(refused);
      return;
    }
    ASSERT_EQ(cut.state, CutState::kFrame) << cut.reason;
    EXPECT_EQ(cut.frame.bytes, frame_bytes);
    // Once in place, once copied.
    for (const std::size_t readable : {wire::kReadPadding, std::size_t{0}}) {
      const Status status = decoder.Decode(cut.frame, readable, &frame);
      ASSERT_TRUE(status.ok()) << status.message();
      ExpectRecordedMembers(frame.head, golden);
      EXPECT_EQ(frame.body, golden.body);
    }
    ++frames;
  });
  EXPECT_GT(frames, 10000);
  EXPECT_EQ(broken, 4);
}

TEST(GoldenHeaders, EveryFrameIsEncodedAgain) {
  wire::FrameDecoder decoder;
  int binary = 0, text = 0;
  ForEachGoldenFrame([&](const GoldenFrame& golden) {
    if (golden.broken) return;
    SCOPED_TRACE(golden.Name());
    const std::string bytes = golden.Bytes();
    wire::Frame frame;
    ASSERT_TRUE(decoder.Decode(CutFrame(bytes).frame, 0, &frame).ok());
    std::string again;
    wire::AppendFrame(frame.head, frame.body, &again);
    if (frame.head.form == HeaderForm::kBinary) {
      EXPECT_EQ(again, bytes);
      ++binary;
      return;
    }
    const auto cut = CutFrame(again);
    ASSERT_EQ(cut.state, CutState::kFrame);
    auto recorded = nlohmann::json::parse(golden.header);
    recorded["serializeTypeCurrentRPC"] = "JSON";  // Go and C++ leave it out
    for (auto& value : recorded["extFields"]) {
      if (!value.is_string()) value = value.dump();  // a peer's numbers go out as strings
    }
    if (recorded["extFields"].is_null()) recorded.erase("extFields");
    if (KnownLanguage(golden.language).empty()) recorded.erase("language");
    EXPECT_EQ(nlohmann::json::parse(cut.frame.header), recorded);
    EXPECT_EQ(cut.frame.body, golden.body);
    ++text;
  });
  EXPECT_GT(binary, 1000);
  EXPECT_GT(text, 5000);
}

}  // namespace
}  // namespace comet::golden
