"""What every client library must be able to do against a cluster.

A scenario is a function of a Bench (the cluster, one client library's agent, names of its own).
What a library cannot do is listed in NOT_APPLICABLE and shown in the output.
"""
import hashlib

import waiting

QUEUES = 4
DELIVERY_S = 60
# Go's and Node's libraries learn a new retry topic's route by their 30 s poll, rebalance every 20 s.
RETRY_S = 120
# One that compresses: Java, Go and Node compress bodies from 4 KiB on.
LARGE = "large " + "0123456789abcdef" * 600


class Bench:
    def __init__(self, cluster, agent, scenario):
        self.cluster, self.agent = cluster, agent
        self.prefix = scenario.__name__
        self._names = 0

    def name(self, what):
        self._names += 1
        return f"{self.prefix}-{what}-{self._names}"

    def topic(self):
        topic = self.name("topic")
        self.cluster.create_topic(topic, QUEUES)
        return topic

    def producer(self):
        name = self.name("producer")
        self.agent.call("producer-start", name=name, group=name)
        return name

    def send(self, topic, messages, how="sync", producer=None):
        results = self.agent.call("send", name=producer or self.producer(), how=how, topic=topic,
                                  messages=messages)["results"]
        equal([result["status"] for result in results], ["SEND_OK"] * len(results), "send status")
        return results

    def consumer(self, topic, group, expression="*", **options):
        name = self.name("consumer")
        self.agent.call("consumer-start", name=name, topic=topic, group=group,
                        expression=expression, **options)
        return name

    def stop_consumer(self, name):
        self.agent.call("consumer-stop", name=name)

    def received(self, consumer, bodies, what, timeout_s=DELIVERY_S):
        """Waits until a consumer got every one of `bodies`; gives all it got."""
        wanted = set(bodies)
        return self.agent.until_messages(
            consumer, lambda got: wanted <= {m["body"] for m in got}, timeout_s, what)

    def message_id(self, record):
        """The id the library must show for a stored message."""
        if self.agent.library.startswith("ali-ons"):
            return record.offset_msg_id  # it sets and reads no UNIQ_KEY
        return record.properties["UNIQ_KEY"]

    def until_committed(self, group, topic, meanwhile=lambda: None):
        """Waits until the group's offsets stand at the end of every queue."""
        with self.cluster.ask_broker() as broker:
            ends = {queue: broker.max_offset(topic, queue) for queue in range(QUEUES)}

            def committed():
                meanwhile()
                return {queue: broker.consumer_offset(group, topic, queue) or 0 for queue in ends}
            waiting.until(lambda: committed() == ends, DELIVERY_S,
                          lambda: f"offsets of {group}: {committed()} instead of {ends}")

    def stored(self, topic, count):
        """Waits until a topic holds `count` messages; gives their records, read by the checks' own reader."""
        with self.cluster.ask_broker() as broker:
            def total():
                return sum(broker.max_offset(topic, queue) for queue in range(QUEUES))
            waiting.until(lambda: total() >= count, DELIVERY_S,
                          lambda: f"{topic} holds {total()} of {count} messages")
            records = broker.read_topic(topic, QUEUES)
        equal(len(records), count, f"messages in {topic}")
        return records


def equal(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r} instead of {wanted!r}")


def messages(count, word="message"):
    """Messages with tags, keys, a property, and a body no two of which are equal."""
    return [{"body": f"{word} {at} – grüße ✓", "tags": f"Tag{'ABC'[at % 3]}",
             "keys": f"{word}-key-{at} shared", "props": {"number": str(at), "wörter": "a=b;ç"}}
            for at in range(count)]


def bodies(specs):
    return [spec["body"] for spec in specs]


def shards(count):
    """Names of shards. ali-ons loses the order of keys its MD5 maps to queue 0 of 4: none of those."""
    def queue(name):
        return int.from_bytes(hashlib.md5(name.encode()).digest()[:4], "big") % QUEUES
    return [name for name in (f"shard-{at}" for at in range(100)) if queue(name)][:count]


def check_stored(bench, records, specs, results=None):
    """The stored records are exactly what was sent and what the answers said."""
    by_body = {record.text: record for record in records}
    equal(sorted(by_body), sorted(bodies(specs)), "stored bodies")
    for at, spec in enumerate(specs):
        record = by_body[spec["body"]]
        equal(record.properties.get("TAGS"), spec.get("tags"), "stored tags")
        equal(record.properties.get("KEYS"), spec.get("keys"), "stored keys")
        for key, value in spec.get("props", {}).items():
            equal(record.properties.get(key), value, f"stored property {key}")
        if results:
            result = results[at]
            equal((result["queueId"], result["queueOffset"]), (record.queue_id, record.queue_offset),
                  f"place of {spec['body'][:40]}")
            equal(result["offsetMsgId"] if result.get("offsetMsgId") else record.offset_msg_id,
                  record.offset_msg_id, "offset message id")
            equal(result["msgId"], bench.message_id(record), "message id")
    for queue in range(QUEUES):
        offsets = [record.queue_offset for record in records if record.queue_id == queue]
        equal(offsets, list(range(len(offsets))), f"offsets of queue {queue}")


def check_received(got, specs):
    """Each message arrived at least once, with everything it was sent with."""
    by_body = {}
    for message in got:
        by_body.setdefault(message["body"], message)
    equal(sorted(by_body), sorted(bodies(specs)), "received bodies")
    for spec in specs:
        message = by_body[spec["body"]]
        equal(message.get("tags") or None, spec.get("tags"), "received tags")
        equal((message.get("keys") or "").strip() or None, spec.get("keys"), "received keys")
        for key, value in spec.get("props", {}).items():
            equal(message["props"].get(key), value, f"received property {key}")


# ---- sending

def send_sync(bench):
    specs = messages(40) + [{"body": LARGE}]
    topic = bench.topic()
    results = bench.send(topic, specs)
    check_stored(bench, bench.stored(topic, len(specs)), specs, results)


def send_creates_topic(bench):
    """The first send to an unknown topic creates it (TBW102)."""
    specs = messages(8)
    topic = bench.name("new-topic")
    results = bench.send(topic, specs)
    check_stored(bench, bench.stored(topic, len(specs)), specs, results)


def send_async(bench):
    specs = messages(60)
    topic = bench.topic()
    results = bench.send(topic, specs, "async")
    check_stored(bench, bench.stored(topic, len(specs)), specs, results)


def send_oneway(bench):
    specs = messages(30)
    topic = bench.topic()
    bench.send(topic, specs, "oneway")
    check_stored(bench, bench.stored(topic, len(specs)), specs)


def send_batch(bench):
    specs = messages(25)
    topic = bench.topic()
    result, = bench.send(topic, specs, "batch")
    records = bench.stored(topic, len(specs))
    check_stored(bench, records, specs)
    equal([record.text for record in records], bodies(specs), "order of the batch in its one queue")
    equal(result["offsetMsgId"].split(","), [record.offset_msg_id for record in records],
          "offset message ids")
    unique = [record.properties.get("UNIQ_KEY") for record in records]
    if all(unique):
        equal(result["msgId"].split(","), unique, "message ids")


def send_ordered(bench):
    names = shards(3)
    specs = [{"body": f"{names[at % 3]} {at // 3}", "shard": names[at % 3]} for at in range(45)]
    topic = bench.topic()
    results = bench.send(topic, specs, "ordered")
    records = bench.stored(topic, len(specs))
    check_stored(bench, records, specs, results)
    for name in names:
        own = [record for record in records if record.text.startswith(name)]
        equal(len({record.queue_id for record in own}), 1, f"queues of {name}")
        equal([record.text for record in own], [f"{name} {at}" for at in range(15)], f"order of {name}")


# ---- consuming

def push_concurrent(bench):
    specs = messages(60) + [{"body": LARGE}]
    topic, group = bench.topic(), bench.name("group")
    bench.send(topic, specs[:30])
    consumer = bench.consumer(topic, group)
    bench.received(consumer, bodies(specs[:30]), "messages sent before the consumer came")
    bench.send(topic, specs[30:])
    got = bench.received(consumer, bodies(specs), "messages sent while the consumer waited")
    check_received(got, specs)
    by_body = {record.text: record for record in bench.stored(topic, len(specs))}
    for message in got:
        record = by_body[message["body"]]
        equal((message["queueId"], message["queueOffset"]), (record.queue_id, record.queue_offset),
              "place of a received message")
        equal(message["msgId"], bench.message_id(record), "message id")
    bench.until_committed(group, topic)
    bench.stop_consumer(consumer)


def push_ordered(bench):
    names = shards(3)
    specs = [{"body": f"{names[at % 3]} {at // 3:03}", "shard": names[at % 3]} for at in range(60)]
    specs.insert(30, {"body": "fail-once in order", "shard": names[0]})
    topic, group = bench.topic(), bench.name("group")
    consumer = bench.consumer(topic, group, ordered=True)
    bench.send(topic, specs, "ordered")
    got = bench.received(consumer, bodies(specs), "ordered messages")
    equal(sum(m["body"] == "fail-once in order" for m in got) >= 2, True, "a refused message comes again")
    for queue in range(QUEUES):
        offsets = [m["queueOffset"] for m in got if m["queueId"] == queue]
        equal(offsets, sorted(offsets), f"order of queue {queue}")
    bench.until_committed(group, topic)
    bench.stop_consumer(consumer)


def push_broadcast(bench):
    specs = messages(30)
    topic, group = bench.topic(), bench.name("group")
    consumers = [bench.consumer(topic, group, broadcast=True) for _ in range(2)]
    bench.send(topic, specs)
    for consumer in consumers:
        check_received(bench.received(consumer, bodies(specs), "broadcast messages"), specs)
        bench.stop_consumer(consumer)


def pull(bench):
    specs = messages(50)
    topic, group = bench.topic(), bench.name("group")
    bench.send(topic, specs)
    bench.stored(topic, len(specs))  # a queue's end follows the answers by a moment
    got = []
    for queue in range(QUEUES):
        with bench.cluster.ask_broker() as broker:
            end = broker.max_offset(topic, queue)
        offset = 0
        while offset < end:
            answer = bench.agent.call("pull", topic=topic, group=group, queueId=queue, broker="broker-a",
                                      offset=offset, max=5, expression="*")
            equal(answer["status"], "FOUND", "pull status")
            equal([m["queueOffset"] for m in answer["messages"]],
                  list(range(offset, answer["nextOffset"])), "pulled offsets")
            got += answer["messages"]
            offset = answer["nextOffset"]
        answer = bench.agent.call("pull", topic=topic, group=group, queueId=queue, broker="broker-a",
                                  offset=end + 1000, max=5, expression="*")
        equal((answer["status"], answer["nextOffset"]), ("OFFSET_ILLEGAL", end), "pull beyond the end")
    equal(len(got), len(specs), "pulled messages")
    check_received(got, specs)


def pull_lite(bench):
    specs = messages(30)
    topic, name = bench.topic(), bench.name("lite")
    bench.send(topic, specs)
    bench.agent.call("lite-pull-start", name=name, group=name, topic=topic, expression="*")
    got = []

    def poll():
        got.extend(bench.agent.call("lite-pull", name=name)["messages"])
        return set(bodies(specs)) <= {m["body"] for m in got}
    waiting.until(poll, DELIVERY_S, "lite pulled messages")
    check_received(got, specs)
    bench.until_committed(name, topic, meanwhile=poll)  # the library commits while it polls
    bench.agent.call("lite-pull-stop", name=name)


def tags(bench):
    specs = messages(45)
    topic, group = bench.topic(), bench.name("group")
    # "AaTag" and "BBTag" have one Java hash: the queue's filter passes both, the client must not.
    specs += [{"body": f"{tag} collides", "tags": tag} for tag in ("AaTag", "BBTag")]
    specs += [{"body": "without a tag"}]
    wanted = [spec for spec in specs if spec.get("tags") in ("TagA", "TagC", "AaTag")]
    consumer = bench.consumer(topic, group, "TagA || TagC || AaTag")
    bench.send(topic, specs)
    bench.stored(topic, len(specs))  # a queue's end follows the answers by a moment
    got = bench.received(consumer, bodies(wanted), "messages of the wanted tags")
    bench.until_committed(group, topic)
    check_received(bench.agent.messages(consumer), wanted)
    equal(len(got) >= len(wanted), True, "count")
    bench.stop_consumer(consumer)


def retry_dead_letter(bench):
    topic, group = bench.topic(), bench.name("group")
    specs = [{"body": "fail-always one", "tags": "TagA", "keys": "dead"},
             {"body": "fail-once two"}, {"body": "succeeds three"}]
    consumer = bench.consumer(topic, group, maxReconsume=2)
    bench.send(topic, specs)

    def times(body):
        return sorted({m["reconsumeTimes"] for m in bench.agent.messages(consumer) if m["body"] == body})
    waiting.until(lambda: times("fail-always one") == [0, 1, 2] and times("fail-once two") == [0, 1],
                  RETRY_S, lambda: f"retries {times('fail-always one')}, {times('fail-once two')}")
    equal(times("succeeds three"), [0], "deliveries of the message that succeeds")
    equal({m["topic"] for m in bench.agent.messages(consumer)}, {topic}, "topics shown to the consumer")

    dead_topic = f"%DLQ%{group}"
    with bench.cluster.ask_broker() as broker, bench.cluster.ask_namesrv() as namesrv:
        waiting.until(lambda: namesrv.route(dead_topic), DELIVERY_S, f"the route of {dead_topic}")
        waiting.until(lambda: broker.max_offset(dead_topic, 0), DELIVERY_S, "the dead letter")
        broker.create_topic(dead_topic, 1)  # 4.x creates it write-only, as an operator would open it
        dead = broker.read_queue(dead_topic, 0)
    equal([record.text for record in dead], ["fail-always one"], "dead letters")
    equal(dead[0].properties.get("RETRY_TOPIC"), topic, "origin of the dead letter")
    equal(dead[0].properties.get("TAGS"), "TagA", "tag of the dead letter")
    bench.stop_consumer(consumer)


# ---- groups and offsets

def rebalance(bench):
    """Queues are shared when a consumer joins and taken over when it leaves."""
    topic, group, producer = bench.topic(), bench.name("group"), bench.producer()
    first = bench.consumer(topic, group)
    everything = []

    def owners(consumers):
        """Sends two messages to each queue; gives consumer -> queues it got them from."""
        specs = [{"body": f"round {len(everything)} message {at}"} for at in range(2 * QUEUES)]
        everything.extend(specs)
        bench.send(topic, specs, producer=producer)
        wanted = set(bodies(specs))

        def seen():
            return [(c, m["queueId"]) for c in consumers for m in bench.agent.messages(c)
                    if m["body"] in wanted]
        waiting.until(lambda: len(seen()) >= len(specs), DELIVERY_S, "a round of messages")
        return {c: sorted({queue for owner, queue in seen() if owner == c}) for c in consumers}

    every = list(range(QUEUES))
    waiting.until(lambda: owners([first])[first] == every, DELIVERY_S, "one consumer has every queue")
    second = bench.consumer(topic, group)

    def shared():
        split = owners([first, second])
        return len(split[first]) == len(split[second]) == 2 and sorted(split[first] + split[second]) == every
    waiting.until(shared, DELIVERY_S, "two consumers share the queues")
    bench.stop_consumer(second)
    waiting.until(lambda: owners([first, second]) == {first: every, second: []}, DELIVERY_S,
                  "the remaining consumer has every queue")
    bench.received(first, {m["body"] for m in bench.agent.messages(first)}, "nothing is lost")
    got = {m["body"] for c in (first, second) for m in bench.agent.messages(c)}
    equal(got, set(bodies(everything)), "all messages of all rounds")
    bench.stop_consumer(first)


def consumer_restart(bench):
    """A group goes on where it stopped."""
    topic, group = bench.topic(), bench.name("group")
    before, after = messages(40, "before"), messages(40, "after")
    consumer = bench.consumer(topic, group)
    bench.send(topic, before)
    bench.received(consumer, bodies(before), "messages before the restart")
    bench.until_committed(group, topic)
    bench.stop_consumer(consumer)
    bench.send(topic, after)
    consumer = bench.consumer(topic, group)
    check_received(bench.received(consumer, bodies(after), "messages after the restart"), after)
    bench.until_committed(group, topic)
    check_received(bench.agent.messages(consumer), after)
    bench.stop_consumer(consumer)


def broker_restart(bench):
    """Messages, topics and offsets survive an orderly restart; connected clients go on by themselves."""
    topic, group, idle_group = bench.topic(), bench.name("group"), bench.name("group")
    before, after = messages(40, "before"), messages(40, "after")
    connected = bench.consumer(topic, group)
    idle = bench.consumer(topic, idle_group)
    producer = bench.producer()
    bench.send(topic, before, producer=producer)
    for consumer, of in ((connected, group), (idle, idle_group)):
        bench.received(consumer, bodies(before), "messages before the restart")
        bench.until_committed(of, topic)
    bench.stop_consumer(idle)
    records = bench.stored(topic, len(before))

    equal(bench.cluster.stop_broker() in (0, 143), True, "the broker's exit code says it stopped in order")
    bench.cluster.start_broker()

    equal(bench.stored(topic, len(before)), records, "records after the restart")
    bench.until_committed(idle_group, topic)

    def sent():
        try:
            bench.send(topic, after, producer=producer)
        except AssertionError:
            return False
        return True
    waiting.until(sent, DELIVERY_S, "the old producer sends again")
    got = bench.received(connected, bodies(after), "the connected consumer goes on", RETRY_S)
    check_received([m for m in got if m["body"] in bodies(after)], after)
    late = bench.consumer(topic, idle_group)
    bench.received(late, bodies(after), "the idle group goes on where it stopped")
    bench.until_committed(idle_group, topic)
    check_received(bench.agent.messages(late), after)
    bench.stop_consumer(late)
    bench.stop_consumer(connected)


TOGETHER = [retry_dead_letter, rebalance, send_sync, send_creates_topic, send_async, send_oneway,
            send_batch, send_ordered, push_concurrent, push_ordered, push_broadcast, pull, pull_lite,
            tags, consumer_restart]
ALONE = [broker_restart]

NOT_APPLICABLE = {
    "go": {"pull_lite": "rocketmq-client-go v2.1.2 has no lite pull consumer (request 361)"},
    "node": {
        "send_creates_topic": "ali-ons 3.12.0 gives up when the name server does not know the topic",
        "send_oneway": "ali-ons 3.12.0 has no one-way send",
        "send_batch": "ali-ons 3.12.0 has no batch send",
        "push_ordered": "ali-ons 3.12.0 has no ordered consumer (it never locks a queue)",
        "pull": "ali-ons 3.12.0 has no pull consumer, only the push consumer",
        "pull_lite": "ali-ons 3.12.0 has no pull consumer, only the push consumer",
    },
}
