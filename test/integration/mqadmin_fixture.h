#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "cluster.h"
#include "remoting/base/json.h"
#include "test/console/run.h"

namespace comet::cli {

// mqadmin's commands against a name server and a broker "broker-a" of DefaultCluster.
class MqadminTest : public testing::Test {
 protected:
  MqadminTest() {
    cluster_.AddBroker("broker-a");
    OutWith("broker-a", {"clusterList"});  // it is registered
  }

  // Runs a command with the name server's address; dangerous ones without --yes are refused.
  Ran Admin(std::vector<std::string_view> words, const Terminal& terminal = {}) const {
    return Mqadmin(words, cluster_.namesrv(), terminal);
  }
  // What a command prints that must succeed.
  std::string Out(std::vector<std::string_view> words) const {
    const Ran ran = Admin(std::move(words));
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
    return ran.out;
  }
  // Its document.
  Json Document(std::vector<std::string_view> words) const {
    words.insert(words.end(), {"--output", "json"});
    const std::string out = Out(words);
    auto document = ParseJson(out);
    EXPECT_TRUE(document.ok()) << out;
    return document.ok() ? document.Take() : Json();
  }
  // Runs a command again until it succeeds and prints `text`: name servers learn of changes later.
  std::string OutWith(std::string_view text, const std::vector<std::string_view>& words) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    Ran ran;
    do {
      ran = Admin(words);
      if (ran.code == ExitCode::kOk && ran.out.find(text) != std::string::npos) return ran.out;
    } while (std::chrono::steady_clock::now() < deadline);
    ADD_FAILURE() << words.front() << " never printed " << text << " but " << ran.out << ran.err;
    return ran.out;
  }
  std::string Broker() const { return cluster_.AddressOf("broker-a"); }

  Cluster cluster_;
};

}  // namespace comet::cli
