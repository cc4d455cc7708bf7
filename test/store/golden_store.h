#pragma once

#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

#include "store/store.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::store {

// A store that Apache's broker left, unpacked, and what an independent reader found in it.
class GoldenStore {
 public:
  explicit GoldenStore(const std::string& name) : name_(name) {
    const std::string folder = std::string(COMET_SOURCE_DIR) + "/test/golden/store/";
    Run("tar -xzf " + folder + "store-" + name + ".tar.gz -C " + directory_.path());
    Run("gzip -dc " + folder + "manifest-" + name + ".json.gz > " + directory_ / "manifest.json");
    manifest_ = nlohmann::json::parse(ReadWholeFile(directory_ / "manifest.json"));
  }

  std::string root() const { return directory_ / ("store-" + name_); }
  std::string operator/(const std::string& name) const { return root() + "/" + name; }
  const nlohmann::json& manifest() const { return manifest_; }

  // The sizes and levels it was made with.
  StoreConfig Config() const {
    StoreConfig config;
    config.root = root();
    config.segment_bytes = 1 << 20;
    config.queue_file_bytes = 6000;
    config.index_slots = 100;
    config.index_entries = 200;
    config.delay_levels = "1s 2s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1h 2h";
    return config;
  }

 private:
  static void Run(const std::string& command) {
    COMET_CHECK(std::system(command.c_str()) == 0);  // NOLINT: a test's own words
  }

  const std::string name_;
  TempDirectory directory_;
  nlohmann::json manifest_;
};

}  // namespace comet::store
