#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "remoting/base/check.h"

namespace comet {

// A directory that lives as long as the test.
class TempDirectory {
 public:
  TempDirectory() : path_(std::filesystem::temp_directory_path() / "comet_XXXXXX") {
    COMET_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace comet
