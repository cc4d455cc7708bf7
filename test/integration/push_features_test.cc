#include <comet/client.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "push_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/get_consumer_status.h"
#include "remoting/wire/requests/reset_offset.h"
#include "remoting/wire/requests/send_message.h"
#include "test/base/temp_directory.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

const Queue kFirstQueue{"orders", "broker-a", 0};

class PushFeatures : public PushTest {
 protected:
  // Sends "0" to "<count - 1>" to one queue.
  void SendInOrder(int count, int first = 0) const {
    const auto client = Connect();
    Producer producer = MakeProducer(*client);
    for (int i = first; i < first + count; ++i) {
      ASSERT_TRUE(producer.send(Message("orders", std::to_string(i)), kFirstQueue));
    }
  }
  static std::vector<std::string> InOrder(int count) {
    std::vector<std::string> numbers;
    for (int i = 0; i < count; ++i) numbers.push_back(std::to_string(i));
    return numbers;
  }
  // Asks the broker, as tools do.
  template <wire::Request R>
  net::OwnedAnswer<R> AskBroker(const typename R::Header& header,
                                std::string_view body = {}) const {
    net::LoopGroup loops;
    loops.Start();
    const auto broker = net::Client::Create(loops, cluster_.AddressOf("broker-a"));
    auto answer = broker->CallAndWait<R>(header, body, {.timeout = 30s});
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    broker->Close();
    return answer.Take();
  }
  // Which brokers know a client of this process by.
  static std::string IdOf(const std::string& client_name) {
    char host[256] = "";
    ::gethostname(host, sizeof(host) - 1);
    return std::string(host) + "@" + client_name;
  }
  // To the first queue: a message that claims to be compressed and is not.
  void SendUnreadable() const {
    wire::SendMessage::Header header;
    header.producer_group = "elsewhere";
    header.topic = "orders";
    header.default_topic = "TBW102";
    header.queue_id = 0;
    header.sys_flag = wire::sys_flag::kCompressed;
    const auto answer = AskBroker<wire::SendMessage>(header, "not compressed");
    ASSERT_TRUE(answer->ok()) << answer->remark;
  }
};

TEST_F(PushFeatures, OrderedMessagesComeOneAfterTheOther) {
  SendInOrder(50);
  Inbox inbox;
  std::atomic<int> at_once = 0;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe_ordered("orders", Filter::all(), [&](const MessageView& message) {
    EXPECT_EQ(++at_once, 1);
    inbox.Add(message);
    --at_once;
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(50));
  EXPECT_EQ(inbox.texts(), InOrder(50));
  for (const QueueHealth& health : consumer.health().queues) {
    EXPECT_EQ(health.locked, health.queue.topic == "orders");
  }
  ASSERT_TRUE(consumer.close());
  EXPECT_EQ(CommittedOf("workers"), 50);
}

TEST_F(PushFeatures, AnOrderedQueueWaitsForAMessageThatFails) {
  SendInOrder(3);
  Inbox inbox;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.suspend_time = 1ms;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe_ordered("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(std::string(message.body()) + "/" + std::to_string(message.retry_count()));
    return message.body() == "1" && message.retry_count() < 2 ? Action::suspend_queue : Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(5));
  EXPECT_THAT(inbox.texts(), ElementsAre("0/0", "1/0", "1/1", "1/2", "2/0"));
}

TEST_F(PushFeatures, AnOrderedMessageThatFailsTooOftenGoesToTheDeadLetters) {
  SendInOrder(2);
  Inbox inbox;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.suspend_time = 1ms;
  options.max_reconsume = 1;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe_ordered("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return message.body() == "0" ? Action::retry_later : Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  AwaitRoute("%RETRY%workers", 1);
  ASSERT_TRUE(inbox.Await(3));
  EXPECT_THAT(inbox.texts(), ElementsAre("0", "0", "1"));
  AwaitRoute("%DLQ%workers", 1);
  auto reader = client->pull_consumer(PullConsumerOptions().set_group("readers"));
  const auto dead = reader->pull({"%DLQ%workers", "broker-a", 0}, 0, 1, Filter::all(), 30s);
  ASSERT_TRUE(dead) << dead.error().message();
  ASSERT_EQ(dead->messages.size(), 1U);
  EXPECT_EQ(dead->messages[0].body(), "0");
}

TEST_F(PushFeatures, TwoOrderedConsumersNeverHaveTheSameQueue) {
  std::mutex mutex;
  std::map<int, int> last;  // by queue
  Inbox inbox;
  const auto handler = [&](const MessageView& message) {
    const std::lock_guard lock(mutex);
    int& before = last.try_emplace(message.queue().id, -1).first->second;
    const int number = std::stoi(std::string(message.body()));
    EXPECT_GE(number, before) << "nothing overtakes";
    before = number;
    inbox.Add(message);
    return Action::ack;
  };
  const auto first_client = Connect();
  const auto second_client = Connect();
  PushConsumer first = MakeConsumer(*first_client);
  ASSERT_TRUE(first.subscribe_ordered("orders", Filter::all(), handler));
  ASSERT_TRUE(first.start());
  Send(40);
  {
    PushConsumer second = MakeConsumer(*second_client);
    ASSERT_TRUE(second.subscribe_ordered("orders", Filter::all(), handler));
    ASSERT_TRUE(second.start());
    Send(40, "orders", 40);
    ASSERT_TRUE(Eventually([&] { return second.assignment().size() == 2; }));
    ASSERT_TRUE(inbox.AwaitAll(Numbers(80)));
  }
  Send(40, "orders", 80);
  ASSERT_TRUE(inbox.AwaitAll(Numbers(120)));
}

TEST_F(PushFeatures, EveryBroadcastingConsumerSeesAllAndGoesOnFromItsFile) {
  const TempDirectory folder;
  const auto make = [&](Client& client, const std::string& name, Inbox& inbox) {
    PushConsumerOptions options = FromFirst();
    options.model = Model::broadcasting;
    options.offset_folder = folder / name;
    PushConsumer consumer = MakeConsumer(client, options);
    EXPECT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
      inbox.Add(message);
      return Action::ack;
    }));
    EXPECT_TRUE(consumer.start());
    return consumer;
  };
  Send(10);
  const auto one_client = Connect();
  const auto other_client = Connect();
  Inbox one_inbox, other_inbox, later_inbox;
  {
    const PushConsumer one = make(*one_client, "one", one_inbox);
    const PushConsumer other = make(*other_client, "other", other_inbox);
    EXPECT_TRUE(one_inbox.AwaitAll(Numbers(10)));
    EXPECT_TRUE(other_inbox.AwaitAll(Numbers(10)));
  }
  Send(5, "orders", 10);
  const PushConsumer later = make(*one_client, "one", later_inbox);
  EXPECT_TRUE(later_inbox.Await(5));
  EXPECT_THAT(later_inbox.texts(), UnorderedElementsAreArray(Numbers(5, 10)));
}

TEST_F(PushFeatures, ABatchHandlerGetsSeveralAndTheRestComesAgain) {
  SendInOrder(8);
  Inbox inbox;
  std::atomic<std::size_t> largest = 0;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.batch = 4;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(
      consumer.subscribe_batch("orders", Filter::all(), [&](std::span<const MessageView> messages) {
        largest = std::max(largest.load(), messages.size());
        for (const MessageView& message : messages) inbox.Add(message);
        const bool first_time = messages.back().retry_count() == 0;
        return first_time && messages.back().body() == "3" ? BatchAction{messages.size() - 1, 1}
                                                           : BatchAction::ack_all();
      }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(9));
  EXPECT_LE(largest.load(), 4U);
  EXPECT_EQ(inbox.texts().back(), "3");
  ASSERT_TRUE(Eventually([&] { return consumer.stats().acked == 9; }));
}

TEST_F(PushFeatures, AnAsyncMessageIsDoneWhenItsAckSaysSo) {
  SendInOrder(3);
  Inbox inbox;
  std::mutex mutex;
  std::map<std::string, Ack> acks;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe_async("orders", Filter::all(), [&](MessageView message, Ack ack) {
    const std::lock_guard lock(mutex);
    if (message.retry_count() == 0) {
      acks.emplace(std::string(message.body()), std::move(ack));
    } else {
      ack.ack();
    }
    inbox.Add(message);
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(3));
  EXPECT_EQ(consumer.stats().acked, 0U);
  {
    const std::lock_guard lock(mutex);
    acks.at("2").ack();
    acks.at("1").ack();
    acks.at("1").retry_later();  // the first word counts
    acks.at("0").retry_later(1);
    acks.clear();
  }
  ASSERT_TRUE(inbox.Await(4));
  EXPECT_EQ(inbox.texts().back(), "0");
  ASSERT_TRUE(consumer.close());
  EXPECT_EQ(CommittedOf("workers"), 3);
}

TEST_F(PushFeatures, AnAckThatIsDroppedAsksForARetry) {
  SendInOrder(1);
  Inbox inbox;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe_async("orders", Filter::all(), [&](MessageView message, Ack ack) {
    if (message.retry_count() > 0) ack.ack();
    inbox.Add(message);
  }));
  ASSERT_TRUE(consumer.start());
  EXPECT_TRUE(inbox.Await(2));
}

TEST_F(PushFeatures, AMessageThatIsTooLongWithItsHandlerComesAgain) {
  SendInOrder(1);
  Inbox inbox;
  std::promise<void> release;
  const auto released = release.get_future().share();
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.handler_timeout = 50ms;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    if (message.retry_count() == 0) released.wait();
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  EXPECT_TRUE(inbox.Await(2));
  release.set_value();
}

TEST_F(PushFeatures, WhoClosesTheClientSecondWaitsForTheFirst) {
  SendInOrder(1);
  std::promise<void> entered, release;
  const auto released = release.get_future().share();
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client, FromFirst());
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView&) {
    entered.set_value();
    released.wait();
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  entered.get_future().wait();
  auto first = std::async(std::launch::async, [&] { return client->close(60s).has_value(); });
  const Queue foreign{"elsewhere", "broker-a", 0};  // not_owner, as long as it is open
  while (consumer.seek(foreign, Position::begin()).error().code() != Errc::closed) {}
  EXPECT_EQ(client->close(50ms).error().code(), Errc::timeout);
  release.set_value();
  EXPECT_TRUE(client->close(60s));
  EXPECT_TRUE(first.get());
}

TEST_F(PushFeatures, GoesOnWhereItIsSentTo) {
  SendInOrder(10);
  Inbox inbox;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe_ordered("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(10));
  ASSERT_TRUE(consumer.seek(kFirstQueue, Position::at(7)));
  ASSERT_TRUE(inbox.Await(13));
  auto texts = inbox.texts();
  texts.erase(texts.begin(), texts.begin() + 10);
  EXPECT_THAT(texts, ElementsAre("7", "8", "9"));
}

TEST_F(PushFeatures, BeginsAtTheEndOfABrokerThatWasAwayAtTheStart) {
  cluster_.AddBroker("broker-b");
  cluster_.CreateTopic("orders", 4);
  AwaitRoute("orders", 8);
  const Queue away{"orders", "broker-b", 0};
  const auto send = [&](const std::string& text) {
    const auto client = Connect();
    const auto receipt = MakeProducer(*client).send(Message("orders", text), away);
    ASSERT_TRUE(receipt) << receipt.error().message();
  };
  send("old");
  cluster_.StopBroker("broker-b");
  AwaitRoute("orders", 4);
  ClientOptions client_options = Options();
  client_options.route_refresh_interval = 10ms;
  const auto client = Connect(client_options);
  PushConsumerOptions options = FromFirst();
  options.start = StartFrom::last();
  options.rebalance_interval = 20ms;
  Inbox inbox;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(Eventually([&] { return consumer.assignment().size() == 4; }));
  cluster_.AddBroker("broker-b");
  AwaitRoute("orders", 8);
  send("new");
  ASSERT_TRUE(inbox.Await(1));
  EXPECT_THAT(inbox.texts(), ElementsAre("new"));
}

TEST_F(PushFeatures, APausedTopicRests) {
  Inbox inbox;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  consumer.pause("orders");
  ASSERT_TRUE(consumer.start());
  EXPECT_EQ(consumer.assignment().size(), 4U);
  Send(10);
  EXPECT_EQ(consumer.stats().pulled, 0U);
  consumer.resume("orders");
  EXPECT_TRUE(inbox.AwaitAll(Numbers(10)));
}

TEST_F(PushFeatures, TellsWhatItHasBeenAssigned) {
  std::promise<std::vector<Queue>> told;
  std::atomic<bool> first = true;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  consumer.on_assignment([&](const std::vector<Queue>& queues) {
    if (first.exchange(false)) told.set_value(queues);
  });
  ASSERT_TRUE(
      consumer.subscribe("orders", Filter::all(), [](const MessageView&) { return Action::ack; }));
  ASSERT_TRUE(consumer.start());
  EXPECT_EQ(told.get_future().get().size(), 4U);
}

TEST_F(PushFeatures, SubscribesAndUnsubscribesWhileItRuns) {
  cluster_.CreateTopic("returns", 2);
  AwaitRoute("returns", 2);
  Inbox inbox;
  const auto handler = [&](const MessageView& message) {
    inbox.Add(std::string(message.topic()));
    return Action::ack;
  };
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), handler));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(consumer.subscribe("returns", Filter::all(), handler));
  Send(1, "returns");
  ASSERT_TRUE(inbox.Await(1));
  EXPECT_THAT(inbox.texts(), ElementsAre("returns"));
  ASSERT_TRUE(consumer.unsubscribe("orders"));
  EXPECT_TRUE(Eventually([&] { return consumer.assignment().size() == 2; }));
  for (const Queue& queue : consumer.assignment()) EXPECT_EQ(queue.topic, "returns");
}

TEST_F(PushFeatures, TheBrokerResetsItsOffsets) {
  SendInOrder(5);
  Inbox inbox;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.suspend = 100ms;  // the next pull hears of it
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(5));
  wire::ResetOffset::Header header;
  header.group = "workers";
  header.topic = "orders";
  header.timestamp_ms = 0;
  header.force = true;
  const auto reset = AskBroker<wire::ResetOffset>(header);
  EXPECT_TRUE(reset->ok()) << reset->remark;
  EXPECT_TRUE(inbox.Await(10)) << "everything comes once more";
}

TEST_F(PushFeatures, TellsToolsWhatItIsDoing) {
  SendInOrder(3);
  Inbox inbox;
  ClientOptions client_options = Options();
  client_options.client_name = "shown";
  const auto client = Connect(client_options);
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::tag("a || b"),
                                 [](const MessageView&) { return Action::ack; }));
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(3));
  ASSERT_TRUE(Eventually([&] { return consumer.stats().acked == 3; }));

  const std::string id = IdOf("shown");
  wire::GetConsumerRunningInfo::Header info_header;
  info_header.consumer_group = "workers";
  info_header.client_id = id;
  const auto info = AskBroker<wire::GetConsumerRunningInfo>(info_header);
  ASSERT_TRUE(info->ok()) << info->remark;
  EXPECT_THAT(std::string(info->body), HasSubstr(R"("PROP_CONSUME_TYPE":"CONSUME_PASSIVELY")"));
  EXPECT_THAT(std::string(info->body), HasSubstr(R"("commitOffset":3)"));
  EXPECT_THAT(std::string(info->body), HasSubstr(R"("subString":"*")"));

  wire::GetConsumerStatus::Header status_header;
  status_header.group = "workers";
  status_header.topic = "orders";
  const auto status = AskBroker<wire::GetConsumerStatus>(status_header);
  ASSERT_TRUE(status->ok()) << status->remark;
  EXPECT_THAT(std::string(status->body), HasSubstr(id));
}

TEST_F(PushFeatures, AMessageThatCannotBeReadGoesToTheDeadLettersAndTheOthersToTheHandler) {
  for (int i = 0; i < 2; ++i) {
    SendInOrder(1);
    SendUnreadable();
    SendInOrder(1, 1);
  }
  for (const bool ordered : {false, true}) {
    Inbox inbox;
    const std::string group = ordered ? "ordered" : "concurrent";
    std::mutex mutex;
    std::vector<std::string> warnings;
    ClientOptions client_options = Options();
    client_options.log = [&](Severity severity, std::string_view, std::string_view text) {
      const std::lock_guard lock(mutex);
      if (severity == Severity::warning) warnings.emplace_back(text);
    };
    {
      const auto client = Connect(client_options);
      PushConsumer consumer = MakeConsumer(*client, FromFirst(group));
      const Handler handler = [&](const MessageView& message) {
        inbox.Add(message);
        return Action::ack;
      };
      ASSERT_TRUE(ordered ? consumer.subscribe_ordered("orders", Filter::all(), handler)
                          : consumer.subscribe("orders", Filter::all(), handler));
      ASSERT_TRUE(consumer.start());
      ASSERT_TRUE(inbox.Await(4));
      ASSERT_TRUE(consumer.close());
    }
    EXPECT_THAT(inbox.texts(), testing::UnorderedElementsAre("0", "1", "0", "1"));
    EXPECT_EQ(CommittedOf(group), 6);
    AwaitRoute("%DLQ%" + group, 1);
    const auto reading = Connect();
    auto reader = reading->pull_consumer(PullConsumerOptions().set_group("readers"));
    const Queue dead{"%DLQ%" + group, "broker-a", 0};
    ASSERT_TRUE(Eventually([&] { return *reader->end_offset(dead) == 2; }));
    const std::lock_guard lock(mutex);
    EXPECT_THAT(warnings, testing::Contains(
                              testing::AllOf(HasSubstr("offset 1 of queue 0 of orders at broker-a"),
                                             HasSubstr("cannot be read"))));
  }
}

TEST_F(PushFeatures, PollTellsOnceOfAMessageThatCannotBeReadAndGoesOnBehindIt) {
  const auto client = Connect();
  auto consumer = client->pull_consumer(PullConsumerOptions().set_group("readers"));
  ASSERT_TRUE(consumer->assign({kFirstQueue}));
  SendInOrder(1);
  SendUnreadable();
  SendInOrder(1, 1);
  std::vector<std::string> seen;
  ASSERT_TRUE(Eventually([&] {
    const auto messages = consumer->poll(1s);
    if (!messages) {
      seen.push_back("error");
      EXPECT_THAT(messages.error().message(), HasSubstr("offset 1 of queue 0"));
    } else {
      for (const MessageView& message : *messages) seen.emplace_back(message.body());
    }
    return seen.size() >= 3;
  }));
  EXPECT_THAT(seen, ElementsAre("0", "error", "1"));
  ASSERT_TRUE(consumer->commit());
  EXPECT_EQ(*consumer->committed(kFirstQueue), 3);
  const auto before = consumer->pull(kFirstQueue, 0, 32);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->messages.size(), 1U);
  EXPECT_EQ(before->next_offset, 1);
  EXPECT_EQ(consumer->pull(kFirstQueue, 1, 32).error().code(), Errc::broker_error);
}

TEST_F(PushFeatures, ConsumesAMessageThatAToolNames) {
  Inbox inbox;
  ClientOptions client_options = Options();
  client_options.client_name = "direct";
  const auto client = Connect(client_options);
  PushConsumerOptions options = FromFirst();
  options.start = StartFrom::last();
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  Producer producer = MakeProducer(*client);
  const auto receipt = producer.send(Message("orders", "again"), kFirstQueue);
  ASSERT_TRUE(receipt);
  ASSERT_TRUE(inbox.Await(1));
  const std::string id = IdOf("direct");
  wire::ConsumeDirectly::Header header;
  header.consumer_group = "workers";
  header.client_id = id;
  header.message_id = receipt->offset_id;
  header.topic = "orders";
  const auto answer = AskBroker<wire::ConsumeDirectly>(header);
  ASSERT_TRUE(answer->ok()) << answer->remark;
  EXPECT_THAT(std::string(answer->body), HasSubstr("CR_SUCCESS"));
  EXPECT_THAT(inbox.texts(), ElementsAre("again", "again"));
}

TEST_F(PushFeatures, TheAckOfAMessageThatAToolNamesMayOutliveTheClient) {
  std::optional<Ack> kept;
  net::LoopGroup loops;
  loops.Start();
  const auto tool = net::Client::Create(loops, cluster_.AddressOf("broker-a"));
  {
    Inbox inbox;
    std::atomic<int> seen = 0;
    ClientOptions client_options = Options();
    client_options.client_name = "direct";
    const auto client = Connect(client_options);
    PushConsumer consumer = MakeConsumer(*client);
    const auto handler = [&](const MessageView& message, Ack ack) {
      if (++seen == 1) {
        ack.ack();
      } else {
        kept.emplace(std::move(ack));
      }
      inbox.Add(message);
    };
    ASSERT_TRUE(consumer.subscribe_async("orders", Filter::all(), handler));
    ASSERT_TRUE(consumer.start());
    Producer producer = MakeProducer(*client);
    const auto receipt = producer.send(Message("orders", "again"), kFirstQueue);
    ASSERT_TRUE(receipt);
    ASSERT_TRUE(inbox.Await(1));
    const std::string id = IdOf("direct");
    wire::ConsumeDirectly::Header header;
    header.consumer_group = "workers";
    header.client_id = id;
    header.message_id = receipt->offset_id;
    header.topic = "orders";
    tool->Call<wire::ConsumeDirectly>(header, {}, {.timeout = 30s}, [](const auto&) {
      // There is nobody left who could answer.
    });
    ASSERT_TRUE(inbox.Await(2));
    EXPECT_TRUE(client->close());
  }
  EXPECT_TRUE(kept.has_value());
  kept.reset();
  tool->Close();
}

TEST_F(PushFeatures, PullConsumersThatSubscribeShareTheQueuesToo) {
  Send(40);
  const auto make = [](Client& client) {
    auto consumer = client.pull_consumer(PullConsumerOptions().set_group("readers"));
    EXPECT_TRUE(consumer) << consumer.error().message();
    const auto subscribed = consumer->subscribe("orders");
    EXPECT_TRUE(subscribed) << subscribed.error().message();
    return std::move(consumer).value();
  };
  const auto first_client = Connect();
  const auto second_client = Connect();
  PullConsumer first = make(*first_client);
  EXPECT_EQ(first.assignment().size(), 4U);
  EXPECT_EQ(first.assign({kFirstQueue}).error().code(), Errc::invalid_argument);
  for (const Queue& queue : first.assignment()) ASSERT_TRUE(first.seek(queue, Position::begin()));
  std::set<std::string> seen;
  ASSERT_TRUE(Eventually([&] {
    const auto messages = first.poll(1s);
    if (!messages) return false;
    for (const MessageView& message : *messages) seen.insert(std::string(message.body()));
    return seen.size() == 40;
  }));
  {
    PullConsumer second = make(*second_client);
    ASSERT_TRUE(Eventually([&] { return first.assignment().size() == 2; }));
    ASSERT_TRUE(Eventually([&] { return second.assignment().size() == 2; }));
  }
  EXPECT_TRUE(Eventually([&] { return first.assignment().size() == 4; }));
  ASSERT_TRUE(first.close());
  EXPECT_EQ(CommittedOf("readers"), 40);
}

struct Counting : Interceptor {
  std::atomic<int> before = 0, consumed = 0, failed = 0;
  void before_consume(const ConsumeContext& context) override {
    before += static_cast<int>(context.messages.size());
  }
  void after_consume(const ConsumeContext& /*context*/, bool success) override {
    ++(success ? consumed : failed);
  }
};

TEST_F(PushFeatures, InterceptorsSeeWhatHandlersSee) {
  SendInOrder(2);
  const auto counting = std::make_shared<Counting>();
  ClientOptions client_options = Options();
  client_options.interceptors = {counting};
  const auto client = Connect(client_options);
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    return message.body() == "0" && message.retry_count() == 0 ? Action::retry_later : Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(Eventually([&] { return counting->consumed == 2; }));
  EXPECT_EQ(counting->before.load(), 3);
  EXPECT_EQ(counting->failed.load(), 1);
}

TEST_F(PushFeatures, ConsumesInANamespaceWithoutShowingIt) {
  ClientOptions client_options = Options();
  client_options.name_space = "team";
  const auto client = Connect(client_options);
  Producer producer = MakeProducer(*client);
  ASSERT_TRUE(producer.send(Message("parcels", "x")));
  Inbox inbox;
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("parcels", Filter::all(), [&](const MessageView& message) {
    inbox.Add(std::string(message.topic()) + std::to_string(message.retry_count()));
    return message.retry_count() == 0 ? Action::retry_later : Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(2));
  EXPECT_THAT(inbox.texts(), ElementsAre("parcels0", "parcels1"));
}

TEST_F(PushFeatures, AForkedChildIsRefusedAndMayEnd) {
  auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(
      consumer.subscribe("orders", Filter::all(), [](const MessageView&) { return Action::ack; }));
  ASSERT_TRUE(consumer.start());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int wrong = 0;
    const auto refused = [&](const Result<void>& outcome) {
      if (outcome || outcome.error().code() != Errc::closed) ++wrong;
    };
    refused(consumer.start());
    refused(consumer.close());
    refused(consumer.seek(kFirstQueue, Position::begin()));
    refused(consumer.unsubscribe("orders"));
    refused(client->close());
    wrong += client->push_consumer(FromFirst("others")) ? 1 : 0;
    wrong += consumer.assignment().empty() && !consumer.healthy() ? 0 : 1;
    { const PushConsumer dying = std::move(consumer); }
    client.reset();
    ::_exit(wrong);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(consumer.assignment().size(), 4U) << "the parent's goes on";
}

TEST_F(PushFeatures, TwoHundredClientsOfOneProcessWorkBesideEachOther) {
  constexpr int kClients = 200;
  Inbox inbox;
  std::vector<std::shared_ptr<Client>> clients;
  std::vector<PushConsumer> consumers;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(Connect());
    consumers.push_back(MakeConsumer(*clients.back(), FromFirst("group-" + std::to_string(i))));
    ASSERT_TRUE(
        consumers.back().subscribe("orders", Filter::all(), [&](const MessageView& message) {
          inbox.Add(message);
          return Action::ack;
        }));
    ASSERT_TRUE(consumers.back().start());
  }
  Send(4);
  EXPECT_TRUE(inbox.Await(4 * kClients));
}

}  // namespace
}  // namespace comet
