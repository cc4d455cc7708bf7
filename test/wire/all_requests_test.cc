#include "remoting/wire/all_requests.h"

#include <list>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "remoting/wire/frame.h"

namespace comet::wire {
namespace {

// Gives every field of a described struct its own value.
template <Described T>
class Filled {
 public:
  Filled() {
    ForEachField<T>([this](const auto& field) { Fill(value.*field.member); });
  }
  T value;

 private:
  void Fill(std::string_view& out) { out = texts_.emplace_back(Concat("text\x01 \"", ++n_)); }
  void Fill(std::string& out) { out = Concat("text ", ++n_); }
  void Fill(std::int32_t& out) { out = -++n_; }
  void Fill(std::int64_t& out) { out = (std::int64_t{1} << 40) + ++n_; }
  void Fill(bool& out) { out = true; }
  template <class M>
  void Fill(std::optional<M>& out) {
    Fill(out.emplace());
  }

  std::list<std::string> texts_;
  std::int32_t n_ = 0;
};

template <Described T>
bool Equal(const T& a, const T& b) {
  bool equal = true;
  ForEachField<T>([&](const auto& field) { equal = equal && a.*field.member == b.*field.member; });
  return equal;
}

struct Received {
  explicit Received(std::string frame_bytes) : bytes(std::move(frame_bytes)) {
    const CutResult cut = CutFrame(bytes);
    EXPECT_EQ(cut.state, CutState::kFrame);
    EXPECT_TRUE(decoder.Decode(cut.frame, 0, &frame).ok());
  }
  std::string bytes;
  FrameDecoder decoder;
  Frame frame;
};

template <Described T>
void RoundTrips(std::string_view name, std::int32_t code) {
  for (const auto form : {HeaderForm::kJson, HeaderForm::kBinary}) {
    for (const auto spelling : {Spelling::kLong, Spelling::kShort}) {
      const Filled<T> filled;
      Head head;
      head.form = form;
      head.code = code;
      head.ext.Add("ns", "an unknown field");
      std::string bytes;
      AppendFrame(head, filled.value, "", &bytes, spelling);
      const Received received(bytes);
      EXPECT_EQ(received.frame.head.form, form) << name;
      EXPECT_EQ(received.frame.head.ext.size(), kFieldCount<T> + 1) << name;
      T decoded;
      const Status status = DecodeFields(received.frame.head.ext, &decoded);
      ASSERT_TRUE(status.ok()) << name << ": " << status.message();
      EXPECT_TRUE(Equal(decoded, filled.value)) << name;
    }
  }
}

// The fields of a filled T without the one called `left_out`.
template <Described T>
Status DecodeWithout(const T& filled, std::string_view left_out) {
  std::list<std::string> texts;
  ExtFields ext;
  EncodeFields(filled, Spelling::kLong, [&](std::string_view key, std::string_view value) {
    if (key != left_out) ext.Add(key, texts.emplace_back(value));
  });
  T decoded;
  return DecodeFields(ext, &decoded);
}

template <Described T>
void MissesRequiredFieldsOnly(std::string_view name) {
  const Filled<T> filled;
  ForEachField<T>([&](const auto& field) {
    const Status status = DecodeWithout(filled.value, field.key);
    const bool required = field.need == Need::kRequired;
    EXPECT_EQ(status.ok(), !required) << name << "." << field.key;
    if (required) {
      EXPECT_EQ(status.message(), Concat("field ", field.key, " is missing"));
    }
  });
}

template <Described T>
void IsDescribedWell(std::string_view name) {
  std::set<std::string_view> names;
  ForEachField<T>([&](const auto& field) {
    EXPECT_TRUE(names.insert(field.key).second) << name << "." << field.key;
    if (!field.alias.empty()) {
      EXPECT_TRUE(names.insert(field.alias).second) << name << "." << field.alias;
    }
    EXPECT_FALSE(field.doc.empty()) << name << "." << field.key;
    EXPECT_EQ(field.doc.back(), '.') << name << "." << field.key;
  });
}

TEST(AllRequests, RoundTripInBothFormsAndSpellings) {
  ForEachRequest([]<Request R>() {
    for (const auto code : R::kCodes) {
      if (code == 0) continue;
      RoundTrips<typename R::Header>(R::kName, code);
    }
    RoundTrips<typename R::Reply>(R::kName, 0);
  });
}

TEST(AllRequests, MissRequiredFieldsAndNoOthers) {
  ForEachRequest([]<Request R>() {
    MissesRequiredFieldsOnly<typename R::Header>(R::kName);
    MissesRequiredFieldsOnly<typename R::Reply>(R::kName);
  });
}

TEST(AllRequests, SayWhatEachFieldMeans) {
  ForEachRequest([]<Request R>() {
    IsDescribedWell<typename R::Header>(R::kName);
    IsDescribedWell<typename R::Reply>(R::kName);
  });
}

template <class List>
void ExpectCodesAreUnique(List list) {
  std::map<std::int32_t, std::string_view> names;
  ForEachRequest(list, [&]<Request R>() {
    for (const auto code : R::kCodes) {
      if (code == 0) continue;
      EXPECT_TRUE(names.emplace(code, R::kName).second) << code;
    }
  });
}

TEST(AllRequests, HaveCodesOfTheirOwnWithinAServer) {
  ExpectCodesAreUnique(BrokerRequests{});
  ExpectCodesAreUnique(NamesrvRequests{});
  ExpectCodesAreUnique(ClientRequests{});
}

}  // namespace
}  // namespace comet::wire
