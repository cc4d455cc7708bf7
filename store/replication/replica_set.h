#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status.h"
#include "store/commit_log.h"
#include "store/commit_tracker.h"

namespace comet::store {

// One connection of a replica, for status and metrics.
struct ReplicaView {
  std::string address;
  std::int64_t broker_id = -1;  // -1: it has not said
  std::int64_t acked = -1;      // log offset up to which it has the log; -1: no report yet
  std::int64_t sent = -1;
  bool in_sync = false;
  std::int64_t bytes_per_second = 0;
};

// Who copies this log, and how far. Counts distinct copies, not connections: those that named
// themselves by broker id, the others by their IP address, so that two sockets of one host are one.
// What the copies have goes to the CommitTracker, which answers the sends that wait for them.
//
// A replica is in sync when it is connected, has reported, and lacks less than
// `replica_gap_bytes`.
//
// Any thread. What the tracker's sink calls back may ask in_sync, Covers and All.
class ReplicaSet {
 public:
  using Id = std::uint32_t;  // of a connection; never given twice

  ReplicaSet(const CommitLog& log, CommitTracker& tracker, Clock& clock, std::int64_t gap_bytes);

  // A connection from `address` ("ip:port").
  Id Attach(const std::string& address) EXCLUDES(changing_, mutex_);
  // The broker behind that connection, which may still be to come. kInvalid when another live
  // connection has said to be that broker.
  Status Identify(const std::string& address, std::int64_t broker_id) EXCLUDES(changing_, mutex_);
  void OnAck(Id id, std::int64_t offset) EXCLUDES(changing_, mutex_);
  void OnSent(Id id, std::int64_t position) EXCLUDES(mutex_);
  void Detach(Id id) EXCLUDES(changing_, mutex_);

  // Copies besides ours that are in sync at this moment; a few loads.
  int in_sync() const;
  // Whether the replica of that broker id has acknowledged more than `log_offset`; one that has not
  // named itself counts when there are no others.
  bool Covers(std::int64_t broker_id, std::int64_t log_offset) const EXCLUDES(mutex_);
  std::vector<ReplicaView> All() const EXCLUDES(mutex_);

  // Now and then: a copy that does not report falls out of sync as the log grows; rates.
  void Refresh() EXCLUDES(changing_, mutex_);

 private:
  static constexpr int kNoPlace = -1;
  static constexpr std::size_t kExpectedMax = 64;  // identified and not yet connected

  struct Connection {
    Id id = 0;
    std::string address;
    std::int64_t broker_id = -1;
    std::int64_t acked = -1, sent = -1, sampled = -1;
    std::int64_t bytes_per_second = 0;
    int place = kNoPlace;  // of its copy; none when there are too many
  };
  struct Expected {
    std::string address;
    std::int64_t broker_id;
  };

  static bool SameCopy(const Connection& a, const Connection& b);
  Connection* Find(Id id) REQUIRES(mutex_);
  int PlaceFor(const Connection& one) const REQUIRES(mutex_);
  std::int64_t AckedAt(int place) const REQUIRES(mutex_);
  void SetPlace(Connection* one) REQUIRES(mutex_);
  void Publish(int place) REQUIRES(changing_) EXCLUDES(mutex_);
  bool InSync(std::int64_t acked) const;

  const CommitLog& log_;
  CommitTracker& tracker_;
  Clock& clock_;
  const std::int64_t gap_bytes_;

  // Held from a change here until the tracker knows of it, so that the two agree.
  Mutex changing_;
  mutable Mutex mutex_;
  std::vector<Connection> connections_ GUARDED_BY(mutex_);
  std::vector<Expected> expected_ GUARDED_BY(mutex_);
  Id last_id_ GUARDED_BY(mutex_) = 0;
  MonoTime sampled_at_ GUARDED_BY(mutex_){};
  // By place: what that copy has; -1: nobody there, or no report.
  std::array<std::atomic<std::int64_t>, CommitTracker::kReplicasMax> acked_;
  std::atomic<int> places_ = 0;  // those in use are below
};

}  // namespace comet::store
