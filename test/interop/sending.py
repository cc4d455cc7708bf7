"""Scenarios of producers: what was sent is stored, where the answers say."""
from checks import bodies, check_stored, equal, LARGE, messages, shards


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
