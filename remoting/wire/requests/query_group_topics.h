#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// The topics a group has offsets of. The reply has a body.
struct QueryGroupTopics {
  static constexpr std::string_view kName = "QUERY_TOPICS_BY_CONSUMER";
  static constexpr Codes kCodes = {343};

  using Header = GroupField;
  using Reply = NoFields;
};

}  // namespace comet::wire
