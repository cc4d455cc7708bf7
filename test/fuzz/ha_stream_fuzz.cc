#include <algorithm>
#include <cstdint>
#include <string>

#include "remoting/base/check.h"
#include "remoting/wire/ha_stream.h"
#include "test/fuzz/fuzz_target.h"
#include "test/store/store_world.h"

using namespace comet;

// A master that says anything. Whatever a replica takes of it is a log that a start believes from
// the first byte to the last.
COMET_FUZZ(std::string_view input) {
  store::StoreWorld world(store::FlushDiskType::kAsync);
  world.config.replica = true;
  // What a record claims may put a million fillers before it: in a hundred files, not 100,000.
  world.config.queue_file_bytes = 200'000;
  COMET_CHECK(world.Open().ok());
  store::Follower& follower = world.store->follower();
  while (!input.empty()) {
    Slice rest = input;
    const auto frame = wire::TakeHaFrame(&rest);
    if (!frame.ok() || !*frame) break;
    const auto before = world.store->log().end();
    const bool taken = follower.OnFrame((*frame)->header, (*frame)->body).ok();
    COMET_CHECK_GE(world.store->log().end(), before);
    COMET_CHECK_GE(follower.expected(), world.store->log().end());
    COMET_CHECK(taken || follower.expected() == world.store->log().end());
    input = rest;
  }
  COMET_CHECK(!world.store->gate().poisoned());
  world.Pump();
  const auto end = world.store->log().end();
  const bool file = !world.store->log().segments().empty();
  world.Drop();
  world.worker.RunReady();
  COMET_CHECK(world.Open().ok());
  COMET_CHECK_EQ(world.store->log().end(), file ? end : 0);
  COMET_CHECK(world.store->log().damaged().all().empty());
}
