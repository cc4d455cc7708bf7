#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "remoting/base/status.h"
#include "remoting/wire/header.h"

namespace comet::wire {

// Bytes behind a JSON header that must be readable for it to be parsed in place.
inline constexpr std::size_t kReadPadding = 64;

// Reads the JSON form of a header: an object whose members may come in any order, of which
// unknown ones are skipped and of equal ones the last counts. Values of extFields are taken as
// text whatever their JSON type (C++ clients send numbers); null means absent. Raw control
// characters, broken UTF-8 and unpaired surrogates, which strict JSON forbids, are tolerated as
// Java peers tolerate them.
class JsonHeadDecoder {
 public:
  JsonHeadDecoder();
  ~JsonHeadDecoder();
  JsonHeadDecoder(const JsonHeadDecoder&) = delete;
  JsonHeadDecoder& operator=(const JsonHeadDecoder&) = delete;

  // *head borrows from `header` and from this object until the next Decode.
  Status Decode(std::string_view header, std::size_t readable_after, Head* head);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace comet::wire
