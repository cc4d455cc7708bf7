#include "sdk/src/send_back.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/requests/send_message.h"
#include "remoting/wire/requests/send_message_back.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr std::string_view kGivingBack = "giving a message back";
constexpr std::string_view kInnerProducer = "CLIENT_INNER_PRODUCER";  // Java's name for itself
constexpr int kFirstRetryLevel = 3;                                   // of delay: 10 s
constexpr std::int32_t kSendV2 = 310;

void SendTo(Runtime& runtime, const std::string& address, const ReturnedMessage& returned,
            std::function<void(Result<void>)> done) {
  const std::string id = returned.message.id();
  const std::string topic = WrapName(runtime.options().name_space, returned.message.topic());
  wire::SendMessageBack::Header header;
  header.log_offset = returned.message.commit_log_offset();
  header.group = returned.wire_group;
  header.delay_level = returned.delay_level;
  header.origin_message_id = id;
  header.origin_topic = topic;
  header.max_reconsume_times = returned.max_reconsume;
  net::CallOptions call;
  call.timeout = runtime.options().request_timeout;
  runtime.ServerAt(address)->Call<wire::SendMessageBack>(
      header, {}, call,
      [address,
       done = std::move(done)](const StatusOr<net::Answer<wire::SendMessageBack>>& answer) {
        if (!answer.ok()) return done(FromStatus(answer.error(), kGivingBack, address));
        if (!answer->ok()) {
          return done(FromResponse(answer->code, answer->remark, kGivingBack, address));
        }
        done({});
      });
}

// The message's own properties and those by which brokers know where it comes from.
std::string RetryProperties(const MessageView& message, const std::string& wire_topic,
                            int failures) {
  std::string text;
  for (const auto& [name, value] : message.properties()) {
    if (name == wire::property::kDelay || name == wire::property::kTransaction ||
        name == wire::property::kMinOffset || name == wire::property::kMaxOffset) {
      continue;
    }
    wire::AppendProperty(name, value, &text);
  }
  if (!message.property(wire::property::kRetryTopic)) {
    wire::AppendProperty(wire::property::kRetryTopic, wire_topic, &text);
  }
  if (!message.property(wire::property::kOriginMessageId)) {
    wire::AppendProperty(wire::property::kOriginMessageId, message.id(), &text);
  }
  wire::AppendProperty(wire::property::kDelay, Concat(kFirstRetryLevel + failures), &text);
  return text;
}

void SendRetry(Runtime& runtime, const Route& route, const ReturnedMessage& returned, int failures,
               std::function<void(Result<void>)> done) {
  const Queue& queue = route.writable[static_cast<std::size_t>(returned.message.queue_offset()) %
                                      route.writable.size()];
  const std::string address = route.MasterOf(queue.broker);
  const std::string properties = RetryProperties(
      returned.message, WrapName(runtime.options().name_space, returned.message.topic()), failures);
  wire::SendMessage::Header header;
  header.producer_group = kInnerProducer;
  header.topic = route.wire_topic;
  header.default_topic = wire::kAutoCreateTopic;
  header.queue_id = queue.id;
  header.born_ms = SystemClock().WallNow();
  header.flag = returned.message.flag();
  header.properties = properties;
  header.reconsume_times = failures;
  header.max_reconsume_times = returned.max_reconsume;
  net::CallOptions call;
  call.timeout = runtime.options().request_timeout;
  call.code = kSendV2;
  call.spelling = wire::Spelling::kShort;
  runtime.ServerAt(address)->Call<wire::SendMessage>(
      header, returned.message.body(), call,
      [address, done = std::move(done)](const StatusOr<net::Answer<wire::SendMessage>>& answer) {
        if (!answer.ok()) return done(FromStatus(answer.error(), kGivingBack, address));
        if (!answer->ok()) {
          return done(FromResponse(answer->code, answer->remark, kGivingBack, address));
        }
        done({});
      });
}

}  // namespace

void SendToRetryTopic(const std::shared_ptr<Runtime>& runtime, const ReturnedMessage& returned,
                      const std::string& retry_topic, int failures,
                      std::function<void(Result<void>)> done) {
  runtime->routes().Get(retry_topic, [runtime, returned, retry_topic, failures,
                                      done = std::move(done)](const Result<RoutePtr>& route) {
    if (!route) return done(route.error());
    if ((*route)->writable.empty()) {
      return done(Error(Errc::no_route, Concat("no broker takes messages of ", retry_topic)));
    }
    SendRetry(*runtime, **route, returned, failures, done);
  });
}

void GiveBack(const std::shared_ptr<Runtime>& runtime, const ReturnedMessage& returned,
              std::function<void(Result<void>)> done) {
  const Queue queue = returned.message.queue();
  const std::string topic = UnwrapName(runtime->options().name_space, queue.topic);
  runtime->routes().Get(topic, [runtime, returned, broker = queue.broker,
                                done = std::move(done)](const Result<RoutePtr>& route) {
    if (!route) return done(route.error());
    const std::string address = (*route)->MasterOf(broker);
    if (address.empty()) {
      return done(Error(Errc::no_route, Concat("broker ", broker, " has no master")));
    }
    SendTo(*runtime, address, returned, done);
  });
}

}  // namespace comet::client
