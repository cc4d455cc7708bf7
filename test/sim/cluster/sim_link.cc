#include "test/sim/cluster/sim_link.h"

#include <algorithm>
#include <utility>

#include "store/replication/log_tail.h"

namespace comet::sim {

void SimLink::Connect() {
  Cut();
  refused = {};
  auto& slave = *slave_.store;
  auto& master = *master_.store;
  refused = store::CheckTail(master.log(), store::TailOf(slave.log(), slave.queues()).Take());
  if (!refused.ok()) return;
  if (const Status named = master.replicas().Identify(Address(), id_); !named.ok()) return;
  slave.follower().Restart();
  slave.flusher().Request();
  feed_.emplace(master.log(), store::FeedOptions{options_.batch_bytes});
  connected_ = true;
}

void SimLink::Cut() {
  if (replica_ && master_.store != nullptr) master_.store->replicas().Detach(*replica_);
  MasterDied();
}

void SimLink::MasterDied() {
  connected_ = false;
  replica_.reset();
  feed_.reset();
  up_.Clear();
  down_.Clear();
  reports_.clear();
  frames_.clear();
  reported_ = -1;
}

void SimLink::Close(Status why) {
  Cut();
  refused = std::move(why);
}

std::int64_t SimLink::Mark() const {
  const auto& log = slave_.store->log();
  return options_.ack_flushed ? log.flushed() : log.end();
}

void SimLink::Report(std::int64_t offset) {
  char report[wire::kHaReportBytes];
  wire::EncodeHaReport(offset, report);
  up_.Send({report, sizeof(report)}, Arrival());
  reported_ = offset;
}

void SimLink::StepMaster() {
  Status status = HearReports();
  if (status.ok()) status = SendFrame();
  if (!status.ok()) Close(std::move(status));
}

Status SimLink::HearReports() {
  reports_ += up_.Receive(master_.clock.Now(), random_);
  Slice rest = reports_;
  const auto report = wire::TakeHaReports(&rest);
  if (!report) return {};
  reports_.erase(0, reports_.size() - rest.size());
  COMET_TRY(feed_->OnReport(*report));
  auto& replicas = master_.store->replicas();
  if (!replica_) replica_ = replicas.Attach(Address());
  promised_ = std::max(promised_, *report);
  replicas.OnAck(*replica_, *report);
  return {};
}

Status SimLink::SendFrame() {
  if (!replica_ || down_.bytes() > 20'000) return {};
  COMET_ASSIGN(auto frame, feed_->Next());
  std::string bytes(wire::kHaHeaderBytes, '\0');
  if (frame) {
    wire::EncodeHaHeader(frame->header, bytes.data());
    bytes += frame->range.bytes;
  } else {
    if (random_.Below(8) != 0) return {};
    wire::EncodeHaHeader(feed_->Heartbeat(), bytes.data());
  }
  down_.Send(bytes, Arrival());
  master_.store->replicas().OnSent(*replica_, feed_->position());
  return {};
}

void SimLink::StepSlave() {
  if (Status status = TakeFrames(); !status.ok()) return Close(std::move(status));
  // The first report says where the stream is to begin, so it waits until that is on the device.
  const bool may = reported_ >= 0 || Mark() == slave_.store->follower().expected();
  if (may && Mark() > reported_) Report(Mark());
}

Status SimLink::TakeFrames() {
  frames_ += down_.Receive(slave_.clock.Now(), random_);
  Slice rest = frames_;
  while (true) {
    COMET_ASSIGN(const auto frame, wire::TakeHaFrame(&rest));
    if (!frame) break;
    COMET_TRY(slave_.store->follower().OnFrame(frame->header, frame->body));
  }
  frames_.erase(0, frames_.size() - rest.size());
  return {};
}

}  // namespace comet::sim
