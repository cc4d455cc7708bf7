"""Scenarios in which servers or clients go away. They run alone: the others would notice."""
import waiting
from checks import bodies, check_received, check_stored, DELIVERY_S, equal, messages, RETRY_S
from traffic import Traffic


def sends(bench, topic, specs, producer):
    """Whether the library sends them."""
    try:
        bench.send(topic, specs, producer=producer)
    except AssertionError:
        return False
    return True


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
    waiting.until(lambda: sends(bench, topic, after, producer), DELIVERY_S,
                  "the old producer sends again")
    got = bench.received(connected, bodies(after), "the connected consumer goes on", RETRY_S)
    check_received([m for m in got if m["body"] in bodies(after)], after)
    late = bench.consumer(topic, idle_group)
    bench.received(late, bodies(after), "the idle group goes on where it stopped")
    bench.until_committed(idle_group, topic)
    check_received(bench.agent.messages(late), after)
    bench.stop_consumer(late)
    bench.stop_consumer(connected)


def namesrv_restart(bench):
    """Of two name servers one is away, in turn: clients go on, and send to topics that are new."""
    topic, producer, sent = bench.topic(), bench.producer(), []
    consumer = bench.consumer(topic, bench.name("group"))

    def traffic(specs):
        sent.extend(specs)
        bench.send(topic, specs, producer=producer)
        check_received(bench.received(consumer, bodies(sent), specs[0]["body"]), sent)
    traffic(messages(20, "with both"))
    for which in range(2):
        bench.cluster.stop_namesrv(which)
        try:
            traffic(messages(20, f"without {which}"))
            new_topic, specs = bench.topic(), messages(8, "new")
            # A library may try the dead name server first, and give up.
            waiting.until(lambda: sends(bench, new_topic, specs, producer), DELIVERY_S, "a new topic")
            check_stored(bench, bench.stored(new_topic, len(specs)), specs)
        finally:
            bench.cluster.start_namesrv(which)
        waiting.until(lambda: bench.cluster.routed(topic) and bench.cluster.routed(new_topic),
                      DELIVERY_S, "the broker's registration with the name server that is back")
    bench.stop_consumer(consumer)


def broker_killed(bench):
    """kill -9 with SYNC_FLUSH, twice, under load: what was acknowledged is stored and delivered."""
    cluster = bench.cluster
    equal(cluster.stop_broker() in (0, 143), True, "the broker's exit code says it stopped in order")
    cluster.settings["flushDiskType"] = "SYNC_FLUSH"
    cluster.start_broker()
    topic, group, producer = bench.topic(), bench.name("group"), bench.producer()
    consumer = bench.consumer(topic, group)
    with Traffic(bench, topic, producer) as traffic:
        traffic.until_more(100)
        for _ in range(2):
            cluster.kill_broker()
            cluster.start_broker()
            traffic.until_more(100)
    traffic.until_stored()
    bench.received(consumer, traffic.acknowledged, "everything acknowledged", RETRY_S)
    bench.until_committed(group, topic)
    bench.stop_consumer(consumer)
