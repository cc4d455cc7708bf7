#include "broker/handlers/ha.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "broker/ha/ha_client.h"
#include "broker/ha/ha_server.h"
#include "broker/ha/refusals.h"
#include "broker/slave/metadata_sync.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/ha_status.h"
#include "remoting/wire/names.h"
#include "store/replication/log_tail.h"

namespace comet::broker {
namespace {

// A record, which came in a frame, and a blank one. Its CRC is made on a loop.
constexpr std::int64_t kTailBytesMax = 2 * std::int64_t{limits::kFrameBytesMax};

}  // namespace

Status AttachReplicaHandler::Check(const Request::Header& header) const {
  const auto config = context_.config.Get();
  const auto refuse = [](std::string why) {
    return Status(Status::Code::kInvalid, std::move(why));
  };
  if (context_.ha_server == nullptr) {
    return refuse("this broker is a slave itself (brokerRole=SLAVE) and gives its log to nobody");
  }
  COMET_TRY(wire::CheckTopicName(header.broker_name));  // that is what it must be
  if (header.broker_name != config->name) {
    return refuse(Concat("this is a broker of ", config->name, ", the slave one of ",
                         header.broker_name, ": check brokerName and haMasterAddress"));
  }
  if (header.broker_id == config->id) {
    return refuse(Concat("both brokers of ", config->name, " have brokerId ", config->id,
                         ": a slave needs one of its own above 0"));
  }
  if (header.broker_id < 0 || header.max_offset < 0 || header.tail_offset < 0 ||
      header.tail_bytes < 0 || header.tail_bytes > kTailBytesMax) {
    return refuse(Concat("no slave's log: brokerId ", header.broker_id, ", maxOffset ",
                         header.max_offset, ", tailOffset ", header.tail_offset, ", tailBytes ",
                         header.tail_bytes, " (at most ", kTailBytesMax, ")"));
  }
  const auto end = context_.store.log().end();
  if (header.max_offset > end) {
    return refuse(Concat("the slave's log ends at ", header.max_offset, ", this master's at ", end,
                         ": what lies behind exists at the slave alone. Keep it if it is wanted, "
                         "then empty the slave's store; or make the slave the master"));
  }
  return store::CheckTail(context_.store.log(), {header.tail_offset, header.tail_bytes,
                                                 static_cast<std::uint32_t>(header.tail_crc)});
}

void AttachReplicaHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                  net::Responder&& reply) {
  if (const auto status = Check(header); !status.ok()) {
    return Refuse(request.peer.text, header.broker_id, status, std::move(reply));
  }
  context_.ha_server->Identify(
      std::string(header.ha_address), header.broker_id,
      [this, address = request.peer.text, broker_id = header.broker_id,
       reply = std::move(reply)](const Status& status) mutable {
        if (!status.ok()) {
          return Refuse(std::move(address), broker_id, status, std::move(reply));
        }
        const auto& log = context_.store.log();
        std::move(reply).Ok<Request>({.min_offset = log.begin(), .max_offset = log.end()});
      });
}

// It comes again every few seconds; the log has each sentence once.
void AttachReplicaHandler::Refuse(std::string address, std::int64_t broker_id, const Status& why,
                                  net::Responder&& reply) {
  if (context_.ha_server != nullptr &&
      context_.ha_server->refusals().Note(
          {address, broker_id, context_.clock.WallNow(), std::string(why.message())})) {
    LOG_WARN_LIMITED << "replica " << address << " (brokerId " << broker_id
                     << ") may not copy the log: " << OneLine(why.message());
  }
  const auto bad = RefusedBy(why);
  std::move(reply).Fail(bad.code, bad.remark);
}

void GetBrokerHaStatusHandler::Handle(const Request::Header& /*header*/,
                                      const net::RequestContext& /*request*/,
                                      net::Responder&& reply) {
  const auto end = context_.store.log().end();
  std::vector<wire::HaTrouble> troubles;
  wire::HaStatus status;
  status.master = context_.ha_client == nullptr;
  if (context_.ha_client != nullptr) {
    const auto view = context_.ha_client->view();
    status.client = {.activated = view.copies,
                     .master = view.master,
                     .last_read_ms = view.last_read_ms,
                     .last_write_ms = view.last_write_ms,
                     .master_flushed = 0,
                     .max_offset = end,
                     .bytes_per_second = view.bytes_per_second};
    if (!view.trouble.empty()) {
      troubles.push_back({view.master, 0, view.trouble_ms, view.trouble});
    }
    if (auto trouble = context_.metadata_sync->trouble()) troubles.push_back(std::move(*trouble));
  } else {
    status.max_offset = end;
    status.in_sync = context_.store.replicas().in_sync();
    for (const auto& replica : context_.store.replicas().All()) {
      status.connections.push_back({.address = replica.address,
                                    .acked = replica.acked,
                                    .diff = std::max<std::int64_t>(end - replica.acked, 0),
                                    .sent = replica.sent,
                                    .bytes_per_second = replica.bytes_per_second,
                                    .in_sync = replica.in_sync});
    }
    troubles = context_.ha_server->refusals().All(context_.clock.WallNow());
  }
  if (!troubles.empty()) status.troubles = std::move(troubles);
  std::move(reply).Plain({}, ToJson(status));
}

}  // namespace comet::broker
