#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace comet {

// A disk that can be full: a tmpfs on `path`, in this process's mounts. Needs EnterSandbox().
class StoreDisk {
 public:
  // Null where that is not permitted.
  static std::unique_ptr<StoreDisk> Mount(const std::string& path);
  ~StoreDisk();
  StoreDisk(const StoreDisk&) = delete;
  StoreDisk& operator=(const StoreDisk&) = delete;

  void SetFull();  // no byte more than what is on it
  void SetRoomy();

 private:
  explicit StoreDisk(std::string path) : path_(std::move(path)) {}
  void Resize(std::int64_t bytes) const;

  const std::string path_;
};

}  // namespace comet
