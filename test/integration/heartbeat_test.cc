#include <future>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "push_fixture.h"
#include "remoting/net/acceptor.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "sdk/src/runtime.h"

namespace comet {
namespace {

using namespace std::chrono_literals;

// Leaves its group in the middle of a heartbeat.
class Leaver : public client::GroupMember {
 public:
  explicit Leaver(std::shared_ptr<client::Runtime> runtime) : runtime_(std::move(runtime)) {}

  wire::ConsumerData Describe() const override {
    if (!leaving_.valid()) {  // heartbeats come one at a time, and another may come before the end
      leaving_ = std::async(std::launch::async, [runtime = runtime_] {
        std::promise<void> left;
        runtime->RemoveConsumer("leavers", [&left] { left.set_value(); });
        left.get_future().wait();
      });
      leaving_.wait_for(200ms);  // the farewell is answered by then if nothing holds it back
      described_.set_value();
    }
    wire::ConsumerData data;
    data.group = "leavers";
    return data;
  }
  // The heartbeat may be that of the route, which comes a little later than the route itself.
  void Await() const {
    described_.get_future().wait();
    leaving_.wait();
  }

 private:
  const std::shared_ptr<client::Runtime> runtime_;
  mutable std::promise<void> described_;
  mutable std::future<void> leaving_;
};

using HeartbeatTest = PushTest;

TEST_F(HeartbeatTest, NeverNamesAGroupAfterTheFarewell) {
  auto started = client::Runtime::Start(Options());
  ASSERT_TRUE(started);
  const auto runtime = *started;
  ASSERT_TRUE(runtime->routes().GetAndWait("orders"));
  const auto leaver = std::make_shared<Leaver>(runtime);
  ASSERT_TRUE(runtime->AddConsumer("leavers", leaver));
  std::promise<void> beaten;
  runtime->BeatNow([&beaten] { beaten.set_value(); });
  beaten.get_future().wait();
  leaver->Await();
  const auto answer = runtime->ServerAt(cluster_.AddressOf("broker-a"))
                          ->CallAndWait<wire::GetConsumerList>({"leavers"}, {}, {.timeout = 30s});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ((*answer)->body.find(runtime->client_id()), std::string_view::npos)
      << "a member that is not there any more: " << (*answer)->body;
}

// A member that says nothing of itself.
class Quiet : public client::GroupMember {
 public:
  wire::ConsumerData Describe() const override {
    wire::ConsumerData data;
    data.group = "quiet";
    return data;
  }
};

TEST_F(HeartbeatTest, WaitsForItsAnswerAsLongAsAnyRequest) {
  const auto silent = net::ListenShared("127.0.0.1", 0, 1, 1).Take();  // connects, never answers
  const auto address = "127.0.0.1:" + std::to_string(*net::PortOf(silent[0]));
  std::promise<void> given_up;
  ClientOptions options = Options();
  options.request_timeout = 100ms;
  options.log = [&](Severity, std::string_view component, std::string_view) {
    if (component == "heartbeat") given_up.set_value();
  };
  auto started = client::Runtime::Start(options);
  ASSERT_TRUE(started);
  const auto runtime = *started;
  const auto member = std::make_shared<Quiet>();
  ASSERT_TRUE(runtime->AddConsumer("quiet", member));
  runtime->BeatAgain(address);
  const auto other = std::async(std::launch::async, [&] {
    return runtime->ServerAt(address)->CallAndWait<wire::GetConsumerList>({"quiet"}, {},
                                                                          {.timeout = 1500ms});
  });
  EXPECT_EQ(given_up.get_future().wait_for(30s), std::future_status::ready);
  EXPECT_NE(other.wait_for(0s), std::future_status::ready);
}

}  // namespace
}  // namespace comet
