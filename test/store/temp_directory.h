#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "remoting/base/check.h"

namespace comet::store {

// A directory that lives as long as the test.
class TempDirectory {
 public:
  TempDirectory() {
    char name[] = "/tmp/comet_store_XXXXXX";
    COMET_CHECK(::mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

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

}  // namespace comet::store
