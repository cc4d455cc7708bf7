"""Scenarios of consumers that push or pull, with tags, retries and dead letters."""
import waiting
from checks import (bodies, check_received, DELIVERY_S, equal, LARGE, messages, QUEUES, RETRY_S,
                    shards)
from remoting import Refused


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
        def there():
            try:
                return broker.max_offset(dead_topic, 0)
            except Refused:  # no such topic
                return 0
        waiting.until(there, DELIVERY_S, "the dead letter")
        # 4.x creates it write-only, as an operator would open it. And it may have lost its registration:
        # one that is behind another topic's, with the same version, is ignored.
        broker.create_topic(dead_topic, 1)
        waiting.until(lambda: namesrv.route(dead_topic), DELIVERY_S, f"the route of {dead_topic}")
        dead = broker.read_queue(dead_topic, 0)
    equal([record.text for record in dead], ["fail-always one"], "dead letters")
    equal(dead[0].properties.get("RETRY_TOPIC"), topic, "origin of the dead letter")
    equal(dead[0].properties.get("TAGS"), "TagA", "tag of the dead letter")
    bench.stop_consumer(consumer)
