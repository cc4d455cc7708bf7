// Runs producers and consumers of the C++ SDK for the interop driver, as agent.py describes it:
// one JSON command a line on stdin, one JSON answer or event a line on stdout.
#include <comet/client.h>
#include <comet/future.h>

#include <cstdio>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kShortInterval = 1000ms;
constexpr auto kRequestTimeout = 10000ms;  // the same as the Java agent's

template <class T>
T Take(comet::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}
void Take(comet::Result<void> result) {
  if (!result) throw std::runtime_error(result.error().message());
}

std::string Text(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() || at->is_null() ? std::string() : at->get<std::string>();
}

void Emit(const Json& object) {
  static std::mutex mutex;
  const std::string line = object.dump() + "\n";
  const std::lock_guard lock(mutex);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

std::string StatusName(comet::SendStatus status) {
  switch (status) {
    case comet::SendStatus::ok:
      return "SEND_OK";
    case comet::SendStatus::flush_disk_timeout:
      return "FLUSH_DISK_TIMEOUT";
    case comet::SendStatus::flush_slave_timeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case comet::SendStatus::slave_not_available:
      return "SLAVE_NOT_AVAILABLE";
  }
  return "?";
}

std::string StatusName(comet::PullStatus status) {
  switch (status) {
    case comet::PullStatus::found:
      return "FOUND";
    case comet::PullStatus::no_new:
      return "NO_NEW_MSG";
    case comet::PullStatus::no_match:
      return "NO_MATCHED_MSG";
    case comet::PullStatus::offset_illegal:
      return "OFFSET_ILLEGAL";
  }
  return "?";
}

Json Describe(const comet::Result<comet::SendReceipt>& sent) {
  if (!sent) return {{"status", sent.error().message()}};
  return {{"status", StatusName(sent->status)},
          {"msgId", sent->message_id},
          {"offsetMsgId", sent->offset_id},
          {"queueId", sent->queue.id},
          {"queueOffset", sent->offset}};
}

Json Describe(const comet::MessageView& message) {
  return {{"topic", message.topic()},
          {"body", message.body()},
          {"msgId", message.id()},
          {"queueId", message.queue().id},
          {"queueOffset", message.queue_offset()},
          {"reconsumeTimes", message.retry_count()},
          {"tags", message.tag()},
          {"keys", message.keys()},
          {"props", message.properties()}};
}

template <class Messages>
Json DescribeAll(const Messages& messages) {
  Json all = Json::array();
  for (const comet::MessageView& message : messages) all.push_back(Describe(message));
  return all;
}

comet::Message MessageOf(const std::string& topic, const Json& spec) {
  comet::Message message(topic, Text(spec, "body"));
  if (const std::string tags = Text(spec, "tags"); !tags.empty()) message.tag(tags);
  std::string keys = Text(spec, "keys");
  for (std::size_t begin = 0; begin < keys.size();) {
    const std::size_t end = std::min(keys.find(' ', begin), keys.size());
    message.key(std::string_view(keys).substr(begin, end - begin));
    begin = end + 1;
  }
  const Json properties = spec.value("props", Json::object());
  for (const auto& [name, value] : properties.items()) {
    message.property(name, value.get<std::string>());
  }
  if (const std::string shard = Text(spec, "shard"); !shard.empty()) message.ordering_key(shard);
  return message;
}

// Reports the message; false if its body asks for a failure.
bool Report(const std::string& consumer, const comet::MessageView& message) {
  Json event = Describe(message);
  event["event"] = "message";
  event["consumer"] = consumer;
  Emit(event);
  return !message.body().starts_with("fail-always") &&
         !(message.body().starts_with("fail-once") && message.retry_count() == 0);
}

// A client of its own for every producer and consumer, as if they were processes.
class Agent {
 public:
  explicit Agent(std::string namesrv) : namesrv_(std::move(namesrv)) {}

  void Serve() {
    Emit({{"event", "hello"}, {"library", "comet C++ SDK"}});
    std::vector<std::jthread> workers;
    for (std::string line; std::getline(std::cin, line);) {
      workers.emplace_back([this, command = Json::parse(line)] { Answer(command); });
    }
  }

 private:
  struct PushConsumer {
    std::shared_ptr<comet::Client> client;
    comet::PushConsumer consumer;
  };
  struct PullConsumer {
    std::shared_ptr<comet::Client> client;
    comet::PullConsumer consumer;
  };
  struct Producer {
    std::shared_ptr<comet::Client> client;
    comet::Producer producer;
  };

  void Answer(const Json& command) {
    Json reply = Json::object();
    try {
      reply = Run(command);
    } catch (const std::exception& error) {
      reply["error"] = error.what();
    }
    reply["id"] = command.at("id");
    Emit(reply);
  }

  Json Run(const Json& command) {
    const std::string op = Text(command, "op");
    const std::string name = Text(command, "name");
    if (op == "producer-start") return StartProducer(command);
    if (op == "producer-stop") return Stop(producers_, name);
    if (op == "send") return Send(command);
    if (op == "consumer-start") return StartConsumer(command);
    if (op == "consumer-stop") return Stop(consumers_, name);
    if (op == "pull") return Pull(command);
    if (op == "lite-pull-start") return StartLitePull(command);
    if (op == "lite-pull") return LitePull(command);
    if (op == "lite-pull-stop") return Stop(pullers_, name);
    throw std::runtime_error("unknown op " + op);
  }

  std::shared_ptr<comet::Client> Connect(const std::string& name) {
    comet::ClientOptions options;
    options.namesrv = namesrv_;
    options.client_name = name;
    options.request_timeout = kRequestTimeout;
    options.heartbeat_interval = kShortInterval;
    options.route_refresh_interval = kShortInterval;
    return Take(comet::Client::connect(options));
  }

  template <class T>
  std::shared_ptr<T> Find(std::map<std::string, std::shared_ptr<T>>& all, const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto at = all.find(name);
    if (at == all.end()) throw std::runtime_error("nothing is called " + name);
    return at->second;
  }

  template <class T>
  void Keep(std::map<std::string, std::shared_ptr<T>>& all, const std::string& name, T made) {
    const std::lock_guard lock(mutex_);
    all[name] = std::make_shared<T>(std::move(made));
  }

  template <class T>
  Json Stop(std::map<std::string, std::shared_ptr<T>>& all, const std::string& name) {
    const auto stopped = Find(all, name);
    {
      const std::lock_guard lock(mutex_);
      all.erase(name);
    }
    Take(stopped->client->close());
    return Json::object();
  }

  Json StartProducer(const Json& command) {
    auto client = Connect(Text(command, "name"));
    comet::ProducerOptions options;
    options.group = Text(command, "group");
    options.send_timeout = kRequestTimeout;
    auto producer = Take(client->producer(options));
    Keep(producers_, Text(command, "name"), Producer{std::move(client), std::move(producer)});
    return Json::object();
  }

  Json Send(const Json& command) {
    const auto kept = Find(producers_, Text(command, "name"));
    comet::Producer& producer = kept->producer;
    const std::string how = Text(command, "how");
    std::vector<comet::Message> messages;
    for (const Json& spec : command.at("messages")) {
      messages.push_back(MessageOf(Text(command, "topic"), spec));
    }
    Json results = Json::array();
    if (how == "batch") {
      results.push_back(Describe(producer.send_batch(std::move(messages))));
    } else if (how == "async") {
      std::vector<std::future<comet::Result<comet::SendReceipt>>> answers;
      for (auto& message : messages) answers.push_back(producer.send_future(std::move(message)));
      for (auto& answer : answers) results.push_back(Describe(answer.get()));
    } else {
      for (auto& message : messages) {
        if (how == "oneway") {
          Take(producer.send_oneway(std::move(message)));
        } else {  // an ordering key is all that "ordered" needs
          const auto sent = producer.send(std::move(message));
          results.push_back(Describe(sent));
          if (!sent) break;  // as the other libraries' agents: whoever sends all again sends these once
        }
      }
    }
    return {{"results", results}};
  }

  Json StartConsumer(const Json& command) {
    const std::string name = Text(command, "name");
    auto client = Connect(name);
    comet::PushConsumerOptions options;
    options.group = Text(command, "group");
    options.concurrency = 4;
    options.start = comet::StartFrom::first();
    options.commit_interval = kShortInterval;
    options.max_reconsume = command.value("maxReconsume", -1);
    if (command.value("broadcast", false)) options.model = comet::Model::broadcasting;
    auto consumer = Take(client->push_consumer(options));
    const auto filter = comet::Filter::tag(Text(command, "expression"));
    if (command.value("ordered", false)) {
      Take(consumer.subscribe_ordered(Text(command, "topic"), filter,
                                      [name](const comet::MessageView& message) {
                                        return Report(name, message) ? comet::Action::ack
                                                                     : comet::Action::suspend_queue;
                                      }));
    } else {
      Take(consumer.subscribe(Text(command, "topic"), filter,
                              [name](const comet::MessageView& message) {
                                return Report(name, message) ? comet::Action::ack
                                                             : comet::Action::retry_later;
                              }));
    }
    Take(consumer.start());
    Keep(consumers_, name, PushConsumer{std::move(client), std::move(consumer)});
    return Json::object();
  }

  std::shared_ptr<PullConsumer> PullerOf(const std::string& group) {
    const std::lock_guard lock(mutex_);
    auto& kept = pullers_[group];
    if (!kept) {
      auto client = Connect("pull-" + group);
      auto consumer = Take(client->pull_consumer(comet::PullConsumerOptions().set_group(group)));
      kept = std::make_shared<PullConsumer>(PullConsumer{std::move(client), std::move(consumer)});
    }
    return kept;
  }

  Json Pull(const Json& command) {
    const auto puller = PullerOf(Text(command, "group"));
    const comet::Queue queue{Text(command, "topic"), Text(command, "broker"),
                             command.at("queueId").get<int>()};
    const auto batch = Take(puller->consumer.pull(
        queue, command.at("offset").get<std::int64_t>(), command.at("max").get<int>(),
        comet::Filter::tag(Text(command, "expression")), 0ms));
    return {{"status", StatusName(batch.status)},
            {"nextOffset", batch.next_offset},
            {"messages", DescribeAll(batch.messages)}};
  }

  Json StartLitePull(const Json& command) {
    const std::string name = Text(command, "name");
    auto client = Connect(name);
    comet::PullConsumerOptions options;
    options.group = Text(command, "group");
    options.start = comet::Position::begin();
    options.commit_interval = kShortInterval;
    auto consumer = Take(client->pull_consumer(options));
    Take(consumer.subscribe(Text(command, "topic"),
                            comet::Filter::tag(Text(command, "expression"))));
    Keep(pullers_, name, PullConsumer{std::move(client), std::move(consumer)});
    return Json::object();
  }

  Json LitePull(const Json& command) {
    const auto puller = Find(pullers_, Text(command, "name"));
    return {{"messages", DescribeAll(Take(puller->consumer.poll(kShortInterval)))}};
  }

  const std::string namesrv_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Producer>> producers_;
  std::map<std::string, std::shared_ptr<PushConsumer>> consumers_;
  std::map<std::string, std::shared_ptr<PullConsumer>> pullers_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: interop_agent NAMESRV\n");
    return 2;
  }
  Agent(argv[1]).Serve();
  return 0;
}
