#pragma once

#include <string>
#include <string_view>

namespace comet::wire {

// Rewrites what Java's JSON reader takes inside a string and a strict parser refuses: raw control
// characters become escapes; escapes that JSON does not have (\x41 \v \0 \') are spelled
// in its own; an unpaired surrogate becomes '?', as Java writes it; broken UTF-8 becomes U+FFFD.
// Everything else is copied. Needed once in a million headers, so written for clarity.
void RepairJson(std::string_view text, std::string* out);

}  // namespace comet::wire
