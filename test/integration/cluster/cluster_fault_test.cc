// 2m-2s clusters of real processes under load, one fault after the other; after each, every promise
// to producers and consumers must hold, and the slaves' logs must be their masters'.
//
// COMET_CLUSTER_ROUNDS sets how many faults are drawn (1 by default), COMET_CLUSTER_FAULT takes
// only those whose names have that text.

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "cluster_world.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

using Network = ClusterWorld::Network;

std::vector<ClusterFault> FaultsNamed(std::string_view text) {
  std::vector<ClusterFault> found;
  for (const ClusterFault& fault : AllClusterFaults()) {
    if (fault.name.find(text) != std::string_view::npos) found.push_back(fault);
  }
  EXPECT_FALSE(found.empty()) << "no fault has the name " << text;
  return found;
}

class ClusterOf : public testing::TestWithParam<const char*> {};

// All of the deck before any a second time, in an order that is drawn.
TEST_P(ClusterOf, RealServersBreaksNoPromiseInRandomFaults) {
  ClusterWorld world(GetParam(), Network::kAny);
  const int rounds = std::stoi(FromEnvironment("COMET_CLUSTER_ROUNDS", "1"));
  const auto faults = FaultsNamed(FromEnvironment("COMET_CLUSTER_FAULT", ""));
  std::vector<ClusterFault> deck;
  for (int round = 1; round <= rounds && !HasFailure(); ++round) {
    if (deck.empty()) {
      deck = faults;
      std::shuffle(deck.begin(), deck.end(), world.random());
    }
    const ClusterFault fault = deck.back();
    deck.pop_back();
    SCOPED_TRACE(Concat("COMET_CLUSTER_SEED=", world.seed(), ", round ", round, ", ", fault.name));
    std::printf("%2d of %d:", round, rounds);
    const std::size_t group = world.random().Below(2);
    if (world.Permits(fault)) world.GoThrough(fault, fault.needs_disk ? 1 : group, true);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, ClusterOf, testing::Values("2m-2s-sync", "2m-2s-async"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase(name, '-');
                           return name;
                         });

void GoThrough(const char* fault, Network network) {
  ClusterWorld world("2m-2s-sync", network);
  if (testing::Test::HasFailure()) return;
  const ClusterFault found = FaultsNamed(fault).front();
  if (!world.Permits(found)) GTEST_SKIP() << "no disk of its own can be mounted";
  world.GoThrough(found, 1, false);
}

TEST(SyncCluster, LetsConsumersGoOnFromTheSlaveWhileTheMasterIsDead) {
  GoThrough("kill -9 of the master", Network::kAny);
}

TEST(SyncCluster, HasEveryAcknowledgedMessageOnTheSlaveWhenTheMastersDiskIsLost) {
  GoThrough("disk of the master lost", Network::kAny);
}

TEST(SyncCluster, GivesAWipedSlaveTheWholeLog) {
  GoThrough("slave wiped", Network::kAny);
}

TEST(SyncCluster, GoesOnWhenTheSlavesDiskHasRoomAgain) {
  GoThrough("disk of the slave full", Network::kAny);
}

// Without rights that machines may not give.
TEST(SyncCluster, OutlivesAPartitionOfMasterAndSlave) {
  GoThrough("partition of master and slave", Network::kLoopback);
}

}  // namespace
}  // namespace comet
