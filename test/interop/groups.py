"""Scenarios of consumer groups: who has which queue, and where a group stands."""
import waiting
from checks import bodies, check_received, DELIVERY_S, equal, messages, QUEUES, shards

LOCK_S = 60  # after which a broker forgets the lock of a queue
# Apache's brokers may take a heartbeat behind the end of its connection, or behind the farewell: then
# the member that left keeps its queues until it expires, after 120 s and the next scan.
GHOST_S = 150


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
    waiting.until(lambda: owners([first, second]) == {first: every, second: []}, GHOST_S,
                  "the remaining consumer has every queue")
    bench.received(first, {m["body"] for m in bench.agent.messages(first)}, "nothing is lost")
    got = {m["body"] for c in (first, second) for m in bench.agent.messages(c)}
    equal(got, set(bodies(everything)), "all messages of all rounds")
    bench.stop_consumer(first)


def ordered_rebalance(bench):
    """Under traffic a queue changes hands without disorder, and never has two owners."""
    names, sent = shards(8), []
    topic, group, producer = bench.topic(), bench.name("group"), bench.producer()
    first = bench.consumer(topic, group, ordered=True)

    def got_after_sending(consumer, count):
        specs = [{"body": f"{name} {len(sent) // len(names):04}", "shard": name} for name in names]
        sent.extend(specs)
        bench.send(topic, specs, "ordered", producer)
        return len(bench.agent.messages(consumer)) >= count
    waiting.until(lambda: got_after_sending(first, 40), DELIVERY_S, "the first consumer has messages")
    second = bench.consumer(topic, group, ordered=True)
    waiting.until(lambda: got_after_sending(second, 40), DELIVERY_S, "the second consumer has messages")
    bench.stop_consumer(second)

    def got():
        return sorted((m["arrival"], c, m) for c in (first, second) for m in bench.agent.messages(c))
    # Java's library may renew a lock after it has given all up, and then nobody has it for a minute.
    waiting.until(lambda: {m["body"] for _, _, m in got()} >= set(bodies(sent)), LOCK_S + GHOST_S,
                  "the first consumer has the rest")
    for name in names:
        own = [m["body"] for _, _, m in got() if m["body"].startswith(f"{name} ")]
        equal(list(dict.fromkeys(own)), sorted(set(own)), f"order of {name}")
    for queue in range(QUEUES):
        owners = [c for _, c, m in got() if m["queueId"] == queue]
        changes = sum(one != other for one, other in zip(owners, owners[1:]))
        equal(changes <= 2, True, f"queue {queue} comes and goes once; its owners: {owners}")
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
    check_received(bench.received(consumer, bodies(after), "messages after the restart", GHOST_S), after)
    bench.until_committed(group, topic)
    check_received(bench.agent.messages(consumer), after)
    bench.stop_consumer(consumer)


def consumer_killed(bench):
    """A consumer's process is killed: the other has its queues, from where the dead one stood."""
    topic, group = bench.topic(), bench.name("group")
    before, after = messages(40, "before"), messages(40, "after")
    survivor = bench.consumer(topic, group)
    with bench.another_agent(bench.prefix) as agent:
        agent.call("consumer-start", name="dying", topic=topic, group=group, expression="*")
        producer, rounds = bench.producer(), []

        def shared():
            rounds.append(bench.send(topic, before, producer=producer))
            return len(agent.messages("dying")) >= len(before)
        waiting.until(shared, DELIVERY_S, "the second consumer has messages")
        bench.stored(topic, len(rounds) * len(before))  # a queue's end follows the answers by a moment
        bench.until_committed(group, topic)
        agent.kill()
    after_producer = bench.producer()  # the answer comes behind all that the agent told before
    seen = len(bench.agent.messages(survivor))
    bench.send(topic, after, producer=after_producer)
    got = bench.received(survivor, bodies(after), "messages after the kill", GHOST_S)[seen:]
    check_received(got, after)
    bench.until_committed(group, topic)
    bench.stop_consumer(survivor)
