#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "test/golden/golden_frames.h"
#include "test/golden/replay/raw_peer.h"

namespace comet::golden {

// What is compared of a reply. Addresses in the remark are "<address>".
struct Outcome {
  std::int32_t code = 0;
  std::optional<std::string> remark;
  std::optional<std::set<std::string>> ext;  // the keys; none is not the same as no keys
  bool has_body = false;

  bool operator==(const Outcome&) const = default;
};

Outcome OutcomeOf(const GoldenFrame& recorded);
Outcome OutcomeOf(const Reply& reply);

// A scenario that we answer differently, on purpose.
struct Difference {
  enum class From : std::uint8_t { kBoth, k497, k533 };
  std::string_view scenario;
  From from = From::kBoth;  // the recordings that it differs from
  std::int32_t code = 0;
  std::string_view remark = {};  // empty: none
  std::string_view reason;
  std::string_view ext = {};  // keys with spaces between; "-": present but empty; empty: absent
  bool has_body = false;

  bool Holds(std::string_view version) const;
  Outcome outcome() const;
};
std::span<const Difference> Differences();

// A scenario that 4.9.7 answered differently than 5.3.3, and we as 5.3.3.
struct Newer {
  std::string_view scenario;
  std::string_view reason;
};
std::span<const Newer> AnsweredAsNewer();

// Codes that this broker does not serve: REQUEST_CODE_NOT_SUPPORTED.
struct NotBuilt {
  std::int32_t code;
  std::string_view name;
  std::string_view reason;
};
std::span<const NotBuilt> CodesNotBuilt();

const Difference* FindDifference(std::string_view version, std::string_view scenario);
const Newer* FindNewer(std::string_view scenario);
const NotBuilt* FindNotBuilt(std::int32_t code);

}  // namespace comet::golden
