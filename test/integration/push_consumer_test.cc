#include <comet/client.h>

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "push_fixture.h"

namespace comet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

TEST_F(PushTest, HandsEveryMessageToTheHandlerOnceAndCommits) {
  Send(100);
  Inbox inbox;
  const auto client = Connect();
  {
    PushConsumer consumer = MakeConsumer(*client);
    ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
      inbox.Add(message);
      return Action::ack;
    }));
    const auto started = consumer.start();
    ASSERT_TRUE(started) << started.error().message();
    EXPECT_EQ(consumer.assignment().size(), 4U);
    ASSERT_TRUE(inbox.Await(100));
    const auto closed = consumer.close();
    EXPECT_TRUE(closed) << closed.error().message();
    EXPECT_EQ(consumer.stats().acked, 100U);
  }
  EXPECT_THAT(inbox.texts(), UnorderedElementsAreArray(Numbers(100)));
  EXPECT_EQ(CommittedOf("workers"), 100);
}

TEST_F(PushTest, ANewMessageComesAtOnce) {
  Inbox inbox;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.start = StartFrom::last();
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  Send(3);
  auto reader = client->pull_consumer(PullConsumerOptions().set_group("readers"));
  ASSERT_TRUE(Eventually([&] {  // a broker counts what has reached its queues
    std::int64_t sum = 0;
    for (int id = 0; id < 4; ++id) sum += *reader->end_offset({"orders", "broker-a", id});
    return sum == 3;
  }));
  ASSERT_TRUE(consumer.start());
  Send(5, "orders", 3);
  ASSERT_TRUE(inbox.Await(5));
  EXPECT_THAT(inbox.texts(), UnorderedElementsAreArray(Numbers(5, 3)));
}

TEST_F(PushTest, TwoConsumersShareTheQueuesAndOneTakesOverWhenTheOtherLeaves) {
  Inbox inbox;
  const auto handler = [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  };
  const auto first_client = Connect();
  const auto second_client = Connect();
  PushConsumer first = MakeConsumer(*first_client);
  ASSERT_TRUE(first.subscribe("orders", Filter::all(), handler));
  ASSERT_TRUE(first.start());
  EXPECT_EQ(first.assignment().size(), 4U);
  {
    PushConsumer second = MakeConsumer(*second_client);
    ASSERT_TRUE(second.subscribe("orders", Filter::all(), handler));
    ASSERT_TRUE(second.start());
    ASSERT_TRUE(Eventually([&] { return first.assignment().size() == 2; }));
    EXPECT_EQ(second.assignment().size(), 2U);
    std::set<Queue> all;
    for (const PushConsumer* one : {&first, &second}) {
      for (const Queue& queue : one->assignment()) EXPECT_TRUE(all.insert(queue).second);
    }
    Send(40);
    ASSERT_TRUE(inbox.AwaitAll(Numbers(40)));
  }
  ASSERT_TRUE(Eventually([&] { return first.assignment().size() == 4; }));
  Send(40, "orders", 40);
  ASSERT_TRUE(inbox.AwaitAll(Numbers(80)));
}

TEST_F(PushTest, AMessageThatFailsComesAgainAndThenGoesToTheDeadLetters) {
  Inbox inbox;
  std::atomic<int> retries = 0;
  const auto client = Connect();
  PushConsumerOptions options = FromFirst();
  options.max_reconsume = 1;
  PushConsumer consumer = MakeConsumer(*client, options);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    EXPECT_EQ(message.topic(), "orders");
    retries = std::max(retries.load(), message.retry_count());
    inbox.Add(message);
    return Action::retry_later;
  }));
  ASSERT_TRUE(consumer.start());
  Send(1);
  ASSERT_TRUE(inbox.Await(2));
  EXPECT_EQ(retries.load(), 1);
  AwaitRoute("%DLQ%workers", 1);
  auto reader = client->pull_consumer(PullConsumerOptions().set_group("readers"));
  const auto dead = reader->pull({"%DLQ%workers", "broker-a", 0}, 0, 1, Filter::all(), 30s);
  ASSERT_TRUE(dead) << dead.error().message();
  ASSERT_EQ(dead->messages.size(), 1U);
  EXPECT_EQ(dead->messages[0].body(), "0");
  EXPECT_EQ(inbox.texts().size(), 2U);
}

TEST_F(PushTest, AHandlerThatThrowsHasAskedForARetry) {
  Send(1);
  Inbox inbox;
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(std::to_string(message.retry_count()));
    if (message.retry_count() == 0) throw std::runtime_error("out of paper");
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(2));
  EXPECT_THAT(inbox.texts(), testing::ElementsAre("0", "1"));
}

TEST_F(PushTest, SeesOnlyWhatTheFilterWants) {
  const auto client = Connect();
  Producer producer = MakeProducer(*client);
  for (const char* tag : {"paid", "open", "refunded", "open"}) {
    ASSERT_TRUE(producer.send(Message("orders", tag).tag(tag)));
  }
  Inbox inbox;
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::tag("paid || refunded"),
                                 [&](const MessageView& message) {
                                   inbox.Add(message);
                                   return Action::ack;
                                 }));
  ASSERT_TRUE(consumer.start());
  ASSERT_TRUE(inbox.Await(2));
  ASSERT_TRUE(consumer.close());
  EXPECT_THAT(inbox.texts(), testing::UnorderedElementsAre("paid", "refunded"));
}

TEST_F(PushTest, ClosingWaitsForHandlersAndLosesNothing) {
  Send(200);
  Inbox inbox;
  const auto client = Connect();
  const auto options = [] {
    PushConsumerOptions made = FromFirst();
    made.concurrency = 4;
    return made;
  };
  for (int round = 0; round < 3; ++round) {
    PushConsumer consumer = MakeConsumer(*client, options());
    std::atomic<bool> closed = false;
    ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
      EXPECT_FALSE(closed.load());
      inbox.Add(message);
      return Action::ack;
    }));
    ASSERT_TRUE(consumer.start());
    ASSERT_TRUE(inbox.Await(static_cast<std::size_t>(20 * (round + 1))));
    ASSERT_TRUE(consumer.close());
    closed = true;
  }
  PushConsumer rest = MakeConsumer(*client);
  ASSERT_TRUE(rest.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(rest.start());
  ASSERT_TRUE(inbox.AwaitAll(Numbers(200)));
  EXPECT_EQ(inbox.texts().size(), 200U) << "a clean close makes no duplicates";
}

TEST_F(PushTest, MayBeClosedInsideAHandler) {
  Send(1);
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  std::promise<Result<void>> outcome;
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView&) {
    outcome.set_value(consumer.close());
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  EXPECT_TRUE(outcome.get_future().get());
  EXPECT_TRUE(consumer.close()) << "the second one waits for the first";
  EXPECT_EQ(
      consumer.subscribe("orders", Filter::all(), [](const MessageView&) { return Action::ack; })
          .error()
          .code(),
      Errc::closed);
  EXPECT_EQ(CommittedOf("workers"), 1);
}

TEST_F(PushTest, AHandlerThatBlocksMakesCloseTimeOutAndItsMessageComesAgain) {
  Send(1);
  std::promise<void> release;
  const auto released = release.get_future().share();
  Inbox inbox;
  const auto client = Connect();
  {
    PushConsumer consumer = MakeConsumer(*client);
    ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView& message) {
      inbox.Add(message);
      released.wait();
      return Action::ack;
    }));
    ASSERT_TRUE(consumer.start());
    ASSERT_TRUE(inbox.Await(1));
    const auto closed = consumer.close(10ms);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code(), Errc::timeout);
  }
  release.set_value();
  PushConsumer second = MakeConsumer(*client);
  ASSERT_TRUE(second.subscribe("orders", Filter::all(), [&](const MessageView& message) {
    inbox.Add(message);
    return Action::ack;
  }));
  ASSERT_TRUE(second.start());
  EXPECT_TRUE(inbox.Await(2));
}

TEST_F(PushTest, ClosingForEverWaitsForTheHandler) {
  Send(1);
  std::promise<void> entered, release;
  const auto released = release.get_future().share();
  const auto client = Connect();
  PushConsumer consumer = MakeConsumer(*client);
  ASSERT_TRUE(consumer.subscribe("orders", Filter::all(), [&](const MessageView&) {
    entered.set_value();
    released.wait();
    return Action::ack;
  }));
  ASSERT_TRUE(consumer.start());
  entered.get_future().wait();
  auto closing = std::async(std::launch::async,
                            [&] { return consumer.close(std::chrono::milliseconds::max()); });
  EXPECT_EQ(closing.wait_for(200ms), std::future_status::timeout);
  release.set_value();
  const auto closed = closing.get();
  EXPECT_TRUE(closed) << closed.error().message();
  EXPECT_EQ(CommittedOf("workers"), 1);
}

TEST_F(PushTest, RefusesWhatCannotWork) {
  const auto client = Connect();
  EXPECT_EQ(client->push_consumer({}).error().code(), Errc::invalid_argument);
  PushConsumerOptions none = FromFirst();
  none.concurrency = 0;
  EXPECT_EQ(client->push_consumer(none).error().code(), Errc::invalid_argument);
  PushConsumer consumer = MakeConsumer(*client);
  EXPECT_EQ(consumer.subscribe("orders", Filter::all(), Handler()).error().code(),
            Errc::invalid_argument);
  const auto ack = [](const MessageView&) {
    return Action::ack;
  };
  EXPECT_EQ(consumer.subscribe("orders", Filter::tag(" || "), ack).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(consumer.unsubscribe("orders").error().code(), Errc::invalid_argument);
  EXPECT_EQ(consumer.seek({"orders", "broker-a", 0}, Position::begin()).error().code(),
            Errc::not_owner);
  ASSERT_TRUE(consumer.start());
  EXPECT_THAT(consumer.start().error().message(), HasSubstr("started before"));
  PushConsumer twin = MakeConsumer(*client);
  EXPECT_THAT(twin.start().error().message(), HasSubstr("already has a consumer of group workers"));
}

}  // namespace
}  // namespace comet
