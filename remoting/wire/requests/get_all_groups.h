#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All subscription groups of a broker, for slaves and tools; since 5.4 by pages when a field is
// present. The reply has a body.
struct GetAllGroups {
  static constexpr std::string_view kName = "GET_ALL_SUBSCRIPTIONGROUP_CONFIG";
  static constexpr Codes kCodes = {201};

  struct Header {
    std::optional<std::int32_t> group_seq;
    std::optional<std::string_view> data_version;
    std::optional<std::int32_t> max_groups;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::group_seq, "groupSeq", Need::kOptional,
            "Number of the first group wanted, by name."),
          F(&S::data_version, "dataVersion", Need::kOptional,
            "Version the earlier pages had; JSON, or \"\"."),
          F(&S::max_groups, "maxGroupNum", Need::kOptional, "Groups a page may have.")};
    }
  };

  struct Reply {
    std::optional<std::int32_t> total_groups;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::total_groups, "totalGroupNum", Need::kOptional, "Groups of the whole table.")};
    }
  };
};

}  // namespace comet::wire
