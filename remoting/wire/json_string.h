#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace comet::wire {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 are copied; the
// values a peer gave us go back as they came.
void AppendJsonString(std::string_view text, std::string* out);

// Whether a JSON string of it is the text between two quotes, without an escape.
bool IsPlainJson(std::string_view text);

// Appends \uXXXX for a code below 0x10000.
void AppendUnicodeEscape(std::uint32_t code, std::string* out);

}  // namespace comet::wire
