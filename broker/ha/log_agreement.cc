#include "broker/ha/log_agreement.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "broker/runtime_number.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/view_message.h"
#include "remoting/wire/response_code.h"
#include "store/replication/log_tail.h"

namespace comet::broker {
namespace {

net::ClientOptions PoolOptions() {
  net::ClientOptions options;
  options.language = wire::kServerLanguage;
  return options;
}

std::optional<std::int64_t> BeginOf(std::string_view runtime_info) {
  const auto begin = RuntimeNumber(runtime_info, "commitLogMinOffset");
  if (!begin) return std::nullopt;
  return std::max<std::int64_t>(*begin, 0);  // -1: it has no file yet
}

// Where a master with this HA address takes requests, unless its haListenPort says otherwise.
std::string RequestsBeside(std::string_view ha_master) {
  const auto colon = ha_master.rfind(':');
  if (colon == std::string_view::npos) return std::string(ha_master);
  const auto port = ParseNumber<std::uint16_t>(ha_master.substr(colon + 1));
  return Concat(ha_master.substr(0, colon), ":", port && *port > 1 ? *port - 1 : 0);
}

}  // namespace

struct LogAgreement::Asking {
  Question question;
  bool guessed = false;  // where the master takes requests
  Done done;
  std::shared_ptr<net::Client> master;
  std::string broker_name;
  store::LogRange last;  // of our records; no bytes: there is none
  std::int64_t last_offset = 0;
  std::int64_t last_end = 0;  // of our log
  Answer answer;

  void Agree() { done(std::move(answer)); }
  void NobodyAnswers(std::string_view why) {
    if (guessed && last_end == 0) return Agree();  // there is nothing to compare
    Fail(Status::Code::kUnavailable, why);
  }
  // Every line names both sides.
  void Fail(Status::Code code, std::string_view why) {
    done(Status(code, Concat("master ", question.ha_master, " (requests at ", question.master,
                             guessed ? ", as no name server says" : "", "): ", why)));
  }
};

LogAgreement::LogAgreement(const Parts& parts)
    : parts_(parts), clients_(parts.loops, PoolOptions()) {}

void LogAgreement::Ask(Question question, Done done) {
  bool guessed = false;
  if (question.master.empty()) {
    guessed = true;
    question.master = RequestsBeside(question.ha_master);
  }
  if (asked_ != question.master) clients_.Close(std::exchange(asked_, question.master));
  auto asking = std::make_unique<Asking>();
  asking->guessed = guessed;
  if (!guessed) asking->answer.requests = question.master;
  asking->last_end = parts_.store.log().end();
  asking->master = clients_.Get(question.master);
  asking->question = std::move(question);
  asking->done = std::move(done);
  Attach(std::move(asking));
}

void LogAgreement::Attach(std::unique_ptr<Asking> asking) {
  const auto config = parts_.config.Get();
  wire::AttachReplica::Header header;
  header.broker_name = config->name;
  header.broker_id = config->id;
  header.ha_address = asking->question.ha_address;
  header.max_offset = parts_.store.log().end();
  const auto tail = store::TailOf(parts_.store.log(), parts_.store.queues());
  if (!tail.ok()) return asking->Fail(tail.error().code(), tail.error().message());
  header.tail_offset = tail->offset;
  header.tail_bytes = tail->bytes;
  header.tail_crc = tail->crc;
  auto& master = *asking->master;
  master.Call<wire::AttachReplica>(
      header, {}, {},
      [this, asking = std::move(asking)](StatusOr<net::Answer<wire::AttachReplica>> said) mutable {
        if (!said.ok()) return asking->NobodyAnswers(said.error().message());
        if (said->code == wire::ResponseCode::kRequestCodeNotSupported) {
          return AskForBegin(std::move(asking));
        }
        if (!said->ok()) return asking->Fail(Status::Code::kInvalid, said->remark);
        asking->answer.begin = said->reply.min_offset;
        asking->answer.requests = asking->question.master;
        Compare(std::move(asking));
      });
}

// Of a master that is not one of ours.
void LogAgreement::AskForBegin(std::unique_ptr<Asking> asking) {
  auto& master = *asking->master;
  master.Call<wire::GetBrokerRuntimeInfo>(
      {}, {}, {},
      [this,
       asking = std::move(asking)](StatusOr<net::Answer<wire::GetBrokerRuntimeInfo>> said) mutable {
        if (!said.ok()) return asking->NobodyAnswers(said.error().message());
        if (said->ok()) asking->answer.begin = BeginOf(said->body);
        Compare(std::move(asking));
      });
}

void LogAgreement::Compare(std::unique_ptr<Asking> asking) {
  auto last = store::LastRecord(parts_.store.log(), parts_.store.queues());
  if (!last.ok()) return asking->Fail(last.error().code(), last.error().message());
  asking->last = last.Take();
  if (asking->last.bytes.empty()) return asking->Agree();
  asking->last_offset = wire::ReadRecord(asking->last.bytes).record.log_offset;
  const auto end = parts_.store.log().end();
  if (asking->answer.begin && end < *asking->answer.begin) {
    return asking->Fail(
        Status::Code::kNotFound,
        Concat("its log begins at ", *asking->answer.begin, ", this one ends at ", end,
               ": what lies between has expired there. Empty this broker's store, or put a copy of "
               "the master's in its place, and start it again"));
  }
  const wire::ViewMessage::Header header{.log_offset = asking->last_offset, .topic = {}};
  auto& master = *asking->master;
  master.Call<wire::ViewMessage>(
      header, {}, {},
      [asking = std::move(asking)](StatusOr<net::Answer<wire::ViewMessage>> said) mutable {
        if (!said.ok()) return asking->Fail(Status::Code::kUnavailable, said.error().message());
        const auto& ours = asking->last;
        const auto readable = ours.pin->CheckReadable(asking->last_offset, std::ssize(ours.bytes));
        if (!readable.ok()) return asking->Fail(readable.code(), readable.message());
        if (said->ok() && said->body == ours.bytes) {
          asking->answer.requests = asking->question.master;
          return asking->Agree();
        }
        asking->Fail(
            Status::Code::kInvalid,
            Concat("its log and this one have diverged: at log offset ", asking->last_offset,
                   ", where our last message is (", asking->last.bytes.size(), " bytes), it has ",
                   said->ok() ? Concat("another one (", said->body.size(), " bytes)")
                              : Concat("none: ", said->remark),
                   ". Nothing is copied and nothing is cut off: keep what exists here alone, if "
                   "it is wanted, then empty this broker's store and start it again"));
      });
}

}  // namespace comet::broker
