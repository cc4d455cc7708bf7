// Sends a mix of everything that a Java producer can send and ends; for the checks of replication.
//
//   Load NAMESRV TOPIC COUNT TRANSACTIONS FILE
//
// COUNT messages: batches of 20, singles with tags, keys and properties, compressed ones, ordered
// ones, delay levels and, if TRANSACTIONS is "true", transactions that are committed or rolled back.
// FILE gets what identifies the messages that a consumer must see, one a line.
// Whatever is refused is tried again for a minute, then the program fails.

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

public final class Load {
  private static final int ROUND = 100;
  private static final int BATCH = 20;
  private static final int BATCHES = 4;
  private static final int SENDERS = 8;
  private static final int PATIENCE_MS = 60_000;
  private static final int DELAY_A_SECOND = 1;
  private static final int DELAY_AN_HOUR = 17;

  private final TransactionMQProducer producer;
  private final String topic;
  private final boolean transactions;
  private final PrintWriter visible;

  private interface Send {
    SendResult run() throws Exception;
  }

  private Load(String namesrv, String topic, boolean transactions, PrintWriter visible) {
    this.topic = topic;
    this.transactions = transactions;
    this.visible = visible;
    producer = new TransactionMQProducer("load-" + topic);
    producer.setNamesrvAddr(namesrv);
    producer.setSendMsgTimeout(10_000);
    producer.setMqClientApiTimeout(10_000);
    producer.setTransactionListener(new TransactionListener() {
      @Override public LocalTransactionState executeLocalTransaction(Message message, Object state) {
        return (LocalTransactionState) state;
      }
      @Override public LocalTransactionState checkLocalTransaction(MessageExt message) {
        return LocalTransactionState.UNKNOW;  // all are decided when they are sent
      }
    });
  }

  public static void main(String[] args) throws Exception {
    try (PrintWriter visible = new PrintWriter(Files.newBufferedWriter(Paths.get(args[4])))) {
      Load load = new Load(args[0], args[1], args[3].equals("true"), visible);
      load.producer.start();
      load.run(Integer.parseInt(args[2]));
      load.producer.shutdown();
    }
    System.exit(0);
  }

  private void run(int count) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    List<Future<?>> rounds = new ArrayList<>();
    for (int at = 0; at < count; at += ROUND) {
      int first = at;
      rounds.add(senders.submit(() -> sendRound(first)));
    }
    for (Future<?> round : rounds) {
      round.get();
    }
  }

  private Void sendRound(int first) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      sendBatch(first + batch * BATCH);
    }
    for (int at = first + BATCHES * BATCH; at < first + ROUND; at++) {
      sendOne(at);
    }
    return null;
  }

  private void sendBatch(int first) throws Exception {
    List<Message> messages = new ArrayList<>();
    for (int at = first; at < first + BATCH; at++) {
      messages.add(message(at));
    }
    must(() -> producer.send(messages));
    messages.forEach(this::note);
  }

  private void sendOne(int at) throws Exception {
    Message message = message(at);
    switch (at % BATCH) {
      case 0: message.setDelayTimeLevel(DELAY_A_SECOND); break;
      case 1: message.setDelayTimeLevel(DELAY_AN_HOUR); break;
      case 2: message.setBody((body(at) + " " + "compressed ".repeat(600)).getBytes(StandardCharsets.UTF_8)); break;
      case 3: case 4: case 5:
        must(() -> producer.send(message, (queues, m, shard) ->
            queues.get(Math.floorMod((int) shard, queues.size())), at / ROUND));
        note(message);
        return;
      case 6: case 7: case 8:
        if (transactions) {
          transaction(at, message);
          return;
        }
        break;
      default: break;
    }
    must(() -> producer.send(message));
    if (at % BATCH != 1) {
      note(message);
    }
  }

  private void transaction(int at, Message message) throws Exception {
    LocalTransactionState state =
        at % 2 == 0 ? LocalTransactionState.COMMIT_MESSAGE : LocalTransactionState.ROLLBACK_MESSAGE;
    must(() -> producer.sendMessageInTransaction(message, state));
    if (state != LocalTransactionState.ROLLBACK_MESSAGE) {
      note(message);
    }
  }

  private static String body(int at) {
    return "message " + at;
  }

  private Message message(int at) {
    String text = body(at) + (at % 3 == 0 ? " " + "x".repeat(at * 7 % 900) : "");
    Message message = new Message(topic, at % 5 == 0 ? null : "Tag" + at % 4,
        at % 4 == 0 ? null : "key-" + at + " every", text.getBytes(StandardCharsets.UTF_8));
    if (at % 2 == 0) {
      message.putUserProperty("number", Integer.toString(at));
      message.putUserProperty("wörter", "a=b;ç");
    }
    return message;
  }

  // What identifies it: its first two words.
  private void note(Message message) {
    String[] words = new String(message.getBody(), StandardCharsets.UTF_8).split(" ", 3);
    visible.println(words[0] + " " + words[1]);
  }

  private static void must(Send send) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    while (true) {
      try {
        SendResult result = send.run();
        if (result.getSendStatus() == SendStatus.SEND_OK) {
          return;
        }
        throw new IllegalStateException("stored, but " + result.getSendStatus());
      } catch (Exception e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }
}
