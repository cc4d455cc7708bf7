// Runs producers and consumers of Apache's Java client for the interop driver: one JSON command a
// line on stdin, one JSON answer or event a line on stdout. The same source is compiled against
// each client version; what moved between them is found by reflection.

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

@SuppressWarnings("deprecation")  // 5.x deprecates the pull consumer, not its users
public final class Agent {
  private static final int SHORT_INTERVAL_MS = 1000;
  // A JVM that starts on a busy machine takes seconds over its first requests.
  private static final int REQUEST_TIMEOUT_MS = 10_000;

  private final Gson gson = new Gson();
  private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final String namesrv;
  private final Map<String, DefaultMQProducer> producers = new ConcurrentHashMap<>();
  private final Map<String, DefaultMQPushConsumer> consumers = new ConcurrentHashMap<>();
  private final Map<String, DefaultMQPullConsumer> pullers = new ConcurrentHashMap<>();
  private final Map<String, DefaultLitePullConsumer> litePullers = new ConcurrentHashMap<>();

  private Agent(String namesrv) {
    this.namesrv = namesrv;
  }

  public static void main(String[] args) throws Exception {
    System.setOut(System.err);
    new Agent(args[0]).serve();
  }

  private void serve() throws Exception {
    JsonObject hello = new JsonObject();
    hello.addProperty("event", "hello");
    hello.addProperty("library", "rocketmq-client " + MQVersion.getVersionDesc(MQVersion.CURRENT_VERSION));
    emit(hello);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject command = JsonParser.parseString(line).getAsJsonObject();
      workers.execute(() -> answer(command));
    }
    producers.values().forEach(DefaultMQProducer::shutdown);
    consumers.values().forEach(DefaultMQPushConsumer::shutdown);
    pullers.values().forEach(DefaultMQPullConsumer::shutdown);
    litePullers.values().forEach(DefaultLitePullConsumer::shutdown);
    System.exit(0);
  }

  private synchronized void emit(JsonObject object) {
    byte[] line = (gson.toJson(object) + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  private void answer(JsonObject command) {
    JsonObject reply = new JsonObject();
    try {
      reply = run(command);
    } catch (Throwable e) {
      reply.addProperty("error", e.toString());
      e.printStackTrace();
    }
    reply.add("id", command.get("id"));
    emit(reply);
  }

  private JsonObject run(JsonObject command) throws Exception {
    switch (text(command, "op")) {
      case "producer-start": return startProducer(command);
      case "producer-stop": producers.remove(text(command, "name")).shutdown(); return new JsonObject();
      case "send": return send(command);
      case "consumer-start": return startConsumer(command);
      case "consumer-stop": consumers.remove(text(command, "name")).shutdown(); return new JsonObject();
      case "pull": return pull(command);
      case "lite-pull-start": return startLitePull(command);
      case "lite-pull": return litePull(command);
      case "lite-pull-stop": litePullers.remove(text(command, "name")).shutdown(); return new JsonObject();
      default: throw new IllegalArgumentException("unknown op " + text(command, "op"));
    }
  }

  private static String text(JsonObject object, String key) {
    JsonElement value = object.get(key);
    return value == null || value.isJsonNull() ? null : value.getAsString();
  }

  private static boolean flag(JsonObject object, String key) {
    return object.has(key) && object.get(key).getAsBoolean();
  }

  // ---- sending

  private JsonObject startProducer(JsonObject command) throws Exception {
    DefaultMQProducer producer = new DefaultMQProducer(text(command, "group"), flag(command, "trace"), null);
    producer.setNamesrvAddr(namesrv);
    producer.setMqClientApiTimeout(REQUEST_TIMEOUT_MS);
    producer.setInstanceName(text(command, "name"));
    producer.setPollNameServerInterval(SHORT_INTERVAL_MS);
    producer.setHeartbeatBrokerInterval(SHORT_INTERVAL_MS);
    producer.setSendMsgTimeout(REQUEST_TIMEOUT_MS);
    if (command.has("retries")) {
      producer.setRetryTimesWhenSendFailed(command.get("retries").getAsInt());
    }
    producer.start();
    producers.put(text(command, "name"), producer);
    return new JsonObject();
  }

  private static Message message(String topic, JsonObject spec) {
    Message message = new Message(topic, text(spec, "tags"), text(spec, "keys"),
        text(spec, "body").getBytes(StandardCharsets.UTF_8));
    if (spec.has("props")) {
      for (Map.Entry<String, JsonElement> e : spec.getAsJsonObject("props").entrySet()) {
        message.putUserProperty(e.getKey(), e.getValue().getAsString());
      }
    }
    return message;
  }

  private JsonObject send(JsonObject command) throws Exception {
    DefaultMQProducer producer = producers.get(text(command, "name"));
    String how = text(command, "how");
    List<Message> messages = new ArrayList<>();
    List<String> shards = new ArrayList<>();
    for (JsonElement spec : command.getAsJsonArray("messages")) {
      messages.add(message(text(command, "topic"), spec.getAsJsonObject()));
      shards.add(text(spec.getAsJsonObject(), "shard"));
    }
    JsonArray results = new JsonArray();
    if (how.equals("batch")) {
      results.add(describe(producer.send(messages)));
    } else if (how.equals("async")) {
      sendAsync(producer, messages, results);
    } else {
      for (int i = 0; i < messages.size(); i++) {
        if (how.equals("oneway")) {
          producer.sendOneway(messages.get(i));
        } else if (how.equals("ordered")) {
          results.add(describe(producer.send(messages.get(i),
              (queues, m, shard) -> queues.get(Math.floorMod(shard.hashCode(), queues.size())),
              shards.get(i))));
        } else {
          results.add(describe(producer.send(messages.get(i))));
        }
      }
    }
    JsonObject reply = new JsonObject();
    reply.add("results", results);
    return reply;
  }

  private void sendAsync(DefaultMQProducer producer, List<Message> messages, JsonArray results)
      throws Exception {
    JsonObject[] slots = new JsonObject[messages.size()];
    CountDownLatch left = new CountDownLatch(messages.size());
    for (int i = 0; i < slots.length; i++) {
      int at = i;
      producer.send(messages.get(i), new SendCallback() {
        @Override public void onSuccess(SendResult result) {
          slots[at] = describe(result);
          left.countDown();
        }
        @Override public void onException(Throwable e) {
          slots[at] = new JsonObject();
          slots[at].addProperty("status", e.toString());
          left.countDown();
        }
      });
    }
    if (!left.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException(left.getCount() + " callbacks never came");
    }
    for (JsonObject slot : slots) {
      results.add(slot);
    }
  }

  private static JsonObject describe(SendResult result) {
    JsonObject object = new JsonObject();
    object.addProperty("status", result.getSendStatus().name());
    object.addProperty("msgId", result.getMsgId());
    object.addProperty("offsetMsgId", result.getOffsetMsgId());
    object.addProperty("queueId", result.getMessageQueue().getQueueId());
    object.addProperty("queueOffset", result.getQueueOffset());
    return object;
  }

  // ---- consuming

  private JsonObject startConsumer(JsonObject command) throws Exception {
    String name = text(command, "name");
    DefaultMQPushConsumer consumer =
        new DefaultMQPushConsumer(text(command, "group"), flag(command, "trace"), null);
    consumer.setNamesrvAddr(namesrv);
    consumer.setMqClientApiTimeout(REQUEST_TIMEOUT_MS);
    consumer.setInstanceName(name);
    consumer.setPollNameServerInterval(SHORT_INTERVAL_MS);
    consumer.setHeartbeatBrokerInterval(SHORT_INTERVAL_MS);
    consumer.setPersistConsumerOffsetInterval(SHORT_INTERVAL_MS);
    consumer.setConsumeThreadMin(4);
    consumer.setConsumeThreadMax(4);
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    if (command.has("maxReconsume")) {
      consumer.setMaxReconsumeTimes(command.get("maxReconsume").getAsInt());
    }
    if (flag(command, "broadcast")) {
      setMessageModel(consumer, "BROADCASTING");
    }
    consumer.subscribe(text(command, "topic"), text(command, "expression"));
    if (flag(command, "ordered")) {
      consumer.registerMessageListener((MessageListenerOrderly) (messages, context) -> {
        boolean fails = report(name, messages);
        return fails ? ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT : ConsumeOrderlyStatus.SUCCESS;
      });
    } else {
      consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
        boolean fails = report(name, messages);
        return fails ? ConsumeConcurrentlyStatus.RECONSUME_LATER : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
      });
    }
    consumers.put(name, consumer);
    consumer.start();
    return new JsonObject();
  }

  // The enum's package changed between 4.x and 5.x.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void setMessageModel(DefaultMQPushConsumer consumer, String model) throws Exception {
    for (Method method : DefaultMQPushConsumer.class.getMethods()) {
      if (method.getName().equals("setMessageModel")) {
        Class type = method.getParameterTypes()[0];
        method.invoke(consumer, Enum.valueOf(type, model));
        return;
      }
    }
    throw new IllegalStateException("no setMessageModel");
  }

  // Reports the messages and tells whether the body asks for a failure.
  private boolean report(String name, List<MessageExt> messages) {
    boolean fails = false;
    for (MessageExt message : messages) {
      JsonObject event = describe(message);
      event.addProperty("event", "message");
      event.addProperty("consumer", name);
      emit(event);
      String body = new String(message.getBody(), StandardCharsets.UTF_8);
      fails |= body.startsWith("fail-always")
          || body.startsWith("fail-once") && message.getReconsumeTimes() == 0;
    }
    return fails;
  }

  private static JsonObject describe(MessageExt message) {
    JsonObject object = new JsonObject();
    object.addProperty("topic", message.getTopic());
    object.addProperty("body", new String(message.getBody(), StandardCharsets.UTF_8));
    object.addProperty("msgId", message.getMsgId());
    object.addProperty("queueId", message.getQueueId());
    object.addProperty("queueOffset", message.getQueueOffset());
    object.addProperty("reconsumeTimes", message.getReconsumeTimes());
    object.addProperty("tags", message.getTags());
    object.addProperty("keys", message.getKeys());
    JsonObject properties = new JsonObject();
    message.getProperties().forEach(properties::addProperty);
    object.add("props", properties);
    return object;
  }

  // ---- pulling

  private JsonObject pull(JsonObject command) throws Exception {
    String group = text(command, "group");
    DefaultMQPullConsumer puller;
    synchronized (pullers) {
      puller = pullers.get(group);
      if (puller == null) {
        puller = new DefaultMQPullConsumer(group);
        puller.setNamesrvAddr(namesrv);
        puller.setMqClientApiTimeout(REQUEST_TIMEOUT_MS);
        puller.setInstanceName("pull-" + group);
        puller.start();
        pullers.put(group, puller);
      }
    }
    MessageQueue queue = null;
    for (MessageQueue each : puller.fetchSubscribeMessageQueues(text(command, "topic"))) {
      if (each.getQueueId() == command.get("queueId").getAsInt()) {
        queue = each;
      }
    }
    PullResult result = puller.pull(queue, text(command, "expression"),
        command.get("offset").getAsLong(), command.get("max").getAsInt());
    JsonObject reply = new JsonObject();
    reply.addProperty("status", result.getPullStatus().name());
    reply.addProperty("nextOffset", result.getNextBeginOffset());
    reply.add("messages", describe(result.getMsgFoundList()));
    return reply;
  }

  private static JsonArray describe(List<MessageExt> messages) {
    JsonArray array = new JsonArray();
    if (messages != null) {
      messages.forEach(message -> array.add(describe(message)));
    }
    return array;
  }

  private JsonObject startLitePull(JsonObject command) throws Exception {
    DefaultLitePullConsumer puller = new DefaultLitePullConsumer(text(command, "group"));
    puller.setNamesrvAddr(namesrv);
    puller.setMqClientApiTimeout(REQUEST_TIMEOUT_MS);
    puller.setInstanceName(text(command, "name"));
    puller.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    puller.setAutoCommitIntervalMillis(SHORT_INTERVAL_MS);
    puller.subscribe(text(command, "topic"), text(command, "expression"));
    puller.start();
    litePullers.put(text(command, "name"), puller);
    return new JsonObject();
  }

  private JsonObject litePull(JsonObject command) {
    JsonObject reply = new JsonObject();
    reply.add("messages", describe(litePullers.get(text(command, "name")).poll(1000)));
    return reply;
  }
}
