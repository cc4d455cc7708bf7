#pragma once

#include <string_view>

#include "remoting/base/status.h"
#include "remoting/wire/header.h"

namespace comet::wire {

// The binary form ("ROCKETMQ"): code i16, language u8, version i16, opaque i32, flag i32,
// remark i32 length + bytes, ext fields i32 length + entries of i16 key length, key, i32 value
// length, value. An empty remark means none, and so does an empty section.
inline constexpr std::size_t kBinaryHeadFixedBytes = 21;

// *head borrows from `header`.
Status DecodeBinaryHead(std::string_view header, Head* head);

// Whether the binary form can carry it: codes from 32768 on (the pop family) need JSON.
constexpr bool FitsBinary(std::int32_t code) {
  return code >= -32768 && code <= 32767;
}

}  // namespace comet::wire
