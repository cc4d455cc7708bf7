#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Creates or changes several subscription groups, which the body lists.
struct UpdateGroupList {
  static constexpr std::string_view kName = "UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST";
  static constexpr Codes kCodes = {225};

  using Header = NoFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
