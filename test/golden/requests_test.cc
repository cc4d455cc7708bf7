#include <algorithm>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "remoting/wire/all_requests.h"
#include "remoting/wire/frame.h"
#include "test/golden/golden_frames.h"

namespace comet::golden {
namespace {

using Fields = std::map<std::string, std::string>;

// Sent along with any request by clients of all kinds; not part of one.
const std::set<std::string> kCommonFields = {"ReqT", "Signature", "AccessKey", "bname"};

struct Recorded {
  GoldenFrame golden;
  wire::FrameDecoder decoder;
  wire::Frame frame;
  std::string bytes;

  explicit Recorded(GoldenFrame g) : golden(std::move(g)), bytes(golden.Bytes()) {
    const auto cut = wire::CutFrame(bytes);
    EXPECT_TRUE(decoder.Decode(cut.frame, 0, &frame).ok());
  }
};

template <Described T>
Fields Encode(const T& from, wire::Spelling spelling) {
  Fields fields;
  wire::EncodeFields(from, spelling,
                     [&](std::string_view k, std::string_view v) { fields.emplace(k, v); });
  return fields;
}

// Drops what is equal in meaning to absence: fields of a default-constructed T.
template <Described T>
Fields WithoutDefaults(Fields fields) {
  for (const auto spelling : {wire::Spelling::kLong, wire::Spelling::kShort}) {
    for (const auto& [key, value] : Encode(T{}, spelling)) {
      const auto it = fields.find(key);
      if (it != fields.end() && it->second == value) fields.erase(it);
    }
  }
  std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
  return fields;
}

template <Described T>
bool UsesShortNames(const Fields& fields) {
  bool uses = false;
  ForEachField<T>([&](const auto& field) {
    uses = uses || (!field.alias.empty() && fields.contains(std::string(field.alias)));
  });
  return uses;
}

template <Described T>
bool Declares(std::string_view key) {
  bool declares = false;
  ForEachField<T>([&](const auto& field) { declares = declares || field.key == key; });
  return declares;
}

// Decodes by the described struct and compares what it encodes again. Fields the struct does not
// have must be among kCommonFields.
template <Described T>
bool DecodesAndEncodesBack(const Recorded& recorded) {
  T decoded;
  const Status status = DecodeFields(recorded.frame.head.ext, &decoded);
  if (!status.ok()) return false;
  const auto& ext = recorded.golden.ext;
  Fields expected = ext ? *ext : Fields{};
  const auto spelling =
      UsesShortNames<T>(expected) ? wire::Spelling::kShort : wire::Spelling::kLong;
  Fields again = WithoutDefaults<T>(Encode(decoded, spelling));
  expected = WithoutDefaults<T>(expected);
  for (const auto& common : kCommonFields) {
    if (!Declares<T>(common)) expected.erase(common);
  }
  EXPECT_EQ(again, expected) << recorded.golden.Name();
  return true;
}

// Hand-made requests that lack or garble a field on purpose.
bool IsMeantToFail(const GoldenFrame& golden) {
  return golden.file.starts_with("raw-") || golden.file.ends_with("raw-to-slave");
}

template <class List>
std::set<std::int32_t> CodesOf(List list) {
  std::set<std::int32_t> codes;
  wire::ForEachRequest(
      list, [&]<wire::Request R>() { codes.insert(R::kCodes.begin(), R::kCodes.end()); });
  codes.erase(0);
  return codes;
}

template <wire::Request R>
void CheckRequest(std::int32_t code, const Recorded& recorded, int* checked) {
  if (std::ranges::find(R::kCodes, code) == R::kCodes.end()) return;
  if (DecodesAndEncodesBack<typename R::Header>(recorded)) {
    ++*checked;
  } else {
    EXPECT_TRUE(IsMeantToFail(recorded.golden)) << recorded.golden.Name();
  }
}

template <class List>
void CheckRequestOf(List list, const Recorded& recorded, int* checked) {
  wire::ForEachRequest(
      list, [&]<wire::Request R>() { CheckRequest<R>(recorded.golden.code, recorded, checked); });
}

TEST(GoldenRequests, EveryDeclaredHeaderDecodesAndEncodesBack) {
  int checked = 0;
  ForEachGoldenFrame([&](const GoldenFrame& golden) {
    if (golden.broken || golden.is_reply()) return;
    const Recorded recorded(golden);
    if (!golden.to_server) {
      CheckRequestOf(wire::ClientRequests{}, recorded, &checked);
    } else if (golden.peer == "ns") {
      CheckRequestOf(wire::NamesrvRequests{}, recorded, &checked);
    } else {
      CheckRequestOf(wire::BrokerRequests{}, recorded, &checked);
    }
  });
  EXPECT_GT(checked, 5000);
}

template <wire::Request R>
void CheckReply(std::int32_t request_code, const Recorded& reply, int* checked) {
  if (std::ranges::find(R::kCodes, request_code) == R::kCodes.end()) return;
  EXPECT_TRUE(DecodesAndEncodesBack<typename R::Reply>(reply)) << reply.golden.Name();
  ++*checked;
}

TEST(GoldenRequests, EverySuccessfulReplyDecodesAndEncodesBack) {
  int checked = 0;
  for (const auto& file : GoldenFiles()) {
    std::map<std::tuple<std::string, int, bool, int>, std::int32_t> pending;
    for (const auto& golden : ReadGoldenFrames(file)) {
      if (golden.broken) continue;
      const bool from_client = golden.to_server != golden.is_reply();
      const std::tuple key(golden.scenario, golden.connection, from_client, golden.opaque);
      if (!golden.is_reply()) {
        pending[key] = golden.code;
        continue;
      }
      const auto it = pending.find(key);
      if (it == pending.end() || golden.code != 0 || !golden.ext || golden.ext->empty()) continue;
      const Recorded recorded(golden);
      const auto check = [&]<wire::Request R>() {
        CheckReply<R>(it->second, recorded, &checked);
      };
      if (golden.peer == "ns") {
        wire::ForEachRequest(wire::NamesrvRequests{}, check);
      } else if (from_client) {
        wire::ForEachRequest(wire::BrokerRequests{}, check);
      }
    }
  }
  EXPECT_GT(checked, 1000);
}

TEST(GoldenRequests, TheRecordingsExerciseMostOfTheDeclaredCodes) {
  std::set<std::int32_t> declared = CodesOf(wire::BrokerRequests{});
  declared.merge(CodesOf(wire::NamesrvRequests{}));
  declared.merge(CodesOf(wire::ClientRequests{}));
  const std::size_t all = declared.size();
  ForEachGoldenFrame([&](const GoldenFrame& golden) {
    if (!golden.broken && !golden.is_reply()) declared.erase(golden.code);
  });
  // What no recorded peer sends; the last one is ours.
  EXPECT_EQ(declared, (std::set<std::int32_t>{18, 217, 221, 223, 225, 314, 904, 30001}));
  EXPECT_GT(all, 60U);
}

}  // namespace
}  // namespace comet::golden
