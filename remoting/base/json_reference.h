#pragma once

// Inside of ParseJson: fastjson's {"$ref":"$.a[0]"}, written when one object is reached twice.

#include "remoting/base/json.h"

namespace comet {

// The path when the only member that is not null is "$ref" with a text; else null. (Null members
// do not count because writing leaves them out.)
const std::string* JsonReferencePath(const Json& value);

// Replaces every reference by a copy of what it names. `nodes` is what the text has cost; copies
// count as well, so references cannot multiply beyond the limit.
Status ResolveJsonReferences(Json* root, const JsonLimits& limits, std::size_t nodes);

}  // namespace comet
