#include "sdk/src/send_back.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/requests/send_message_back.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr std::string_view kWhat = "giving a message back";

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
        if (!answer.ok()) return done(FromStatus(answer.error(), kWhat, address));
        if (!answer->ok()) return done(FromResponse(answer->code, answer->remark, kWhat, address));
        done({});
      });
}

}  // namespace

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
