#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace comet::wire {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 are copied; the
// values a peer gave us go back as they came.
void AppendJsonString(std::string_view text, std::string* out);

// Appends \uXXXX for a code below 0x10000.
void AppendUnicodeEscape(std::uint32_t code, std::string* out);

// Bytes of the well-formed UTF-8 sequence at the beginning of the text; 0 if there is none.
std::size_t Utf8SequenceBytes(std::string_view text);

}  // namespace comet::wire
