#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What libFuzzer and the replay call with every input. A fuzzer defines
//   COMET_FUZZ(std::string_view input) { ... }
// and aborts (COMET_CHECK) on what must never be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#define COMET_FUZZ(parameter)                                                         \
  static void FuzzOne(parameter);                                                     \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    FuzzOne({reinterpret_cast<const char*>(data), size});                             \
    return 0;                                                                         \
  }                                                                                   \
  static void FuzzOne(parameter)
