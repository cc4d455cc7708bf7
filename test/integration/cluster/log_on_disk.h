#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace comet {

// A commit log as its files are, read without the store's code: also while a broker writes it, and
// when nobody can be asked any more. One thread.
class LogOnDisk {
 public:
  struct Record {
    std::int64_t log_offset = 0;
    std::string_view topic;
    std::int32_t queue = 0;
    std::int64_t queue_offset = 0;
    std::string_view body;
  };

  // `store` is a broker's storePathRootDir. Records before `from`, which is the place of one or the
  // end, are taken for read.
  explicit LogOnDisk(const std::string& store, std::int64_t from = 0);

  std::int64_t begin() const;
  std::int64_t end() const { return end_; }  // behind the last whole record, or its file
  const std::vector<Record>& records() const { return records_; }  // in log order

  // Empty when `other` has every byte of [begin(), end()), else what differs first.
  std::string DifferenceIn(const LogOnDisk& other) const;

 private:
  class File;

  void Walk();
  // False at the log's end.
  bool WalkFile(std::int64_t base, std::string_view bytes);

  std::map<std::int64_t, std::shared_ptr<const File>> files_;  // by first offset
  std::vector<Record> records_;
  std::int64_t end_ = 0;
};

}  // namespace comet
