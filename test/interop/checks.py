"""What scenarios are made of: a Bench to work at, messages, and the checks of what arrived."""
import hashlib

import waiting

QUEUES = 4
DELIVERY_S = 60
# Go's and Node's libraries learn a new retry topic's route by their 30 s poll, rebalance every 20 s.
RETRY_S = 120
# One that compresses: Java, Go and Node compress bodies from 4 KiB on.
LARGE = "large " + "0123456789abcdef" * 600


class Bench:
    """One scenario's cluster and agent, and names that no other scenario uses.

    another_agent(name) starts a further process of the same library."""

    def __init__(self, cluster, agent, another_agent, scenario):
        self.cluster, self.agent, self.another_agent = cluster, agent, another_agent
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
