#include <future>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "push_fixture.h"
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

}  // namespace
}  // namespace comet
