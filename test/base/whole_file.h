#pragma once

#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>

#include "remoting/base/check.h"

namespace comet {

inline std::string ReadWholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Overwrites bytes in the middle of a file, as a failing disk might.
inline void Overwrite(const std::string& path, std::int64_t position, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  COMET_CHECK(file.is_open());
  file.seekp(position);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace comet
