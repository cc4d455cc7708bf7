// What Apache's Java client costs: sends or receives messages, and prints rate and CPU of the counted
// part as one JSON line. The warm-up, in which the JVM compiles, does not count.
//
//     ClientBench NAMESRV TOPIC send|receive WARM COUNT IN_FLIGHT SIZE

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;

public final class ClientBench {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static void report(long messages, long beginNs, long beginCpuNs) {
    double seconds = (System.nanoTime() - beginNs) / 1e9;
    double cpuUs = (SYSTEM.getProcessCpuTime() - beginCpuNs) / 1e3;
    System.out.printf("{\"messages\": %d, \"rate\": %.0f, \"cpu_us\": %.3f}%n", messages,
        messages / seconds, cpuUs / messages);
    System.out.flush();
  }

  public static void main(String[] args) throws Exception {
    long warm = Long.parseLong(args[3]);
    long count = Long.parseLong(args[4]);
    if (args[2].equals("send")) {
      send(args[0], args[1], warm, count, Integer.parseInt(args[5]), Integer.parseInt(args[6]));
    } else {
      receive(args[0], args[1], warm, count);
    }
    System.exit(0);
  }

  private static void send(String namesrv, String topic, long warm, long count, int inFlight, int size)
      throws Exception {
    DefaultMQProducer producer = new DefaultMQProducer("java_client_bench");
    producer.setNamesrvAddr(namesrv);
    producer.setSendMsgTimeout(10_000);
    producer.start();
    Semaphore window = new Semaphore(inFlight);
    AtomicLong failed = new AtomicLong();
    SendCallback done = new SendCallback() {
      @Override public void onSuccess(SendResult result) {
        window.release();
      }
      @Override public void onException(Throwable e) {
        failed.incrementAndGet();
        window.release();
      }
    };
    byte[] body = new byte[size];
    long beginNs = 0;
    long beginCpuNs = 0;
    for (long at = 0; at < warm + count; at++) {
      if (at == warm) {
        beginNs = System.nanoTime();
        beginCpuNs = SYSTEM.getProcessCpuTime();
      }
      window.acquire();
      producer.send(new Message(topic, body), done);
    }
    window.acquire(inFlight);
    if (failed.get() > 0) {
      throw new IllegalStateException(failed.get() + " sends failed");
    }
    report(count, beginNs, beginCpuNs);
    producer.shutdown();
  }

  private static void receive(String namesrv, String topic, long warm, long count) throws Exception {
    DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("java_client_bench_" + System.nanoTime());
    consumer.setNamesrvAddr(namesrv);
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    consumer.subscribe(topic, "*");
    AtomicLong received = new AtomicLong();
    long[] begin = new long[2];
    Semaphore finished = new Semaphore(0);
    consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
      long now = received.addAndGet(messages.size());
      if (now - messages.size() < warm && now >= warm) {
        begin[0] = System.nanoTime();
        begin[1] = SYSTEM.getProcessCpuTime();
      }
      if (now - messages.size() < warm + count && now >= warm + count) {
        report(count, begin[0], begin[1]);
        finished.release();
      }
      return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
    });
    consumer.start();
    finished.acquire();
  }
}
