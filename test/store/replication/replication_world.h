#pragma once

#include <optional>
#include <string>

#include "remoting/wire/ha_stream.h"
#include "store/replication/feed.h"
#include "test/store/store_world.h"

namespace comet::store {

// A master and its replica, both stepped by hand, and the stream between them in pieces of any
// size.
class ReplicationWorld {
 public:
  explicit ReplicationWorld(FlushDiskType flush = FlushDiskType::kSync)
      : master(flush), slave(flush) {}

  Status Open() {
    COMET_TRY(master.Open());
    return slave.Open();
  }

  // A new connection: the replica's first report.
  Status Connect() {
    stream_.clear();
    received_.clear();
    follower().Restart();
    feed.emplace(master.store->log(), FeedOptions{batch_bytes});
    return feed->OnReport(follower().expected());
  }

  // Everything that the master has to send, as it would go over the wire.
  Status Copy() {
    while (true) {
      COMET_ASSIGN(auto frame, feed->Next());
      if (!frame) break;
      char header[wire::kHaHeaderBytes];
      wire::EncodeHaHeader(frame->header, header);
      stream_.append(header, sizeof(header)).append(frame->range.bytes);
    }
    for (std::size_t at = 0; at < stream_.size(); at += piece_bytes) {
      COMET_TRY(Receive(Slice(stream_).substr(at, piece_bytes)));
    }
    stream_.clear();
    return {};
  }

  // A frame made by hand.
  Status Frame(std::int64_t offset, Slice body) {
    Status status = follower().OnFrame({offset, static_cast<std::int32_t>(body.size())}, body);
    slave.Pump();
    return status;
  }

  Follower& follower() { return slave.store->follower(); }
  CommitLog& copy() { return slave.store->log(); }

  // The bytes of a log from its begin to its end.
  static std::string Bytes(const CommitLog& log) {
    std::string bytes;
    for (auto at = log.begin(); at < log.end();) {
      const auto segment = log.SegmentAt(at);
      bytes += segment->From(at, log.end() - at);
      at = segment->end();
    }
    return bytes;
  }

  // Equal logs, and queues and index that say the same of them.
  void CheckCopy() {
    EXPECT_EQ(copy().begin(), master.store->log().begin());
    EXPECT_EQ(copy().end(), master.store->log().end());
    EXPECT_TRUE(Bytes(copy()) == Bytes(master.store->log()));
    slave.sent = master.sent;
    slave.CheckEverything();
  }

  StoreWorld master, slave;
  std::optional<Feed> feed;
  std::int64_t batch_bytes = 32768;
  std::size_t piece_bytes = 1 << 20;

 private:
  Status Receive(Slice piece) {
    received_.append(piece);
    Slice rest = received_;
    while (true) {
      COMET_ASSIGN(const auto frame, wire::TakeHaFrame(&rest));
      if (!frame) break;
      COMET_TRY(Frame(frame->header.offset, frame->body));
    }
    received_.erase(0, received_.size() - rest.size());
    return {};
  }

  std::string stream_, received_;
};

}  // namespace comet::store
