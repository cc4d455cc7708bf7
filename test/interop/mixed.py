"""Scenarios of groups whose members are of two libraries: both must come to the same allocation, and
each goes on where the other stopped."""
import itertools

import waiting
from checks import (Bench, bodies, check_received, check_stored, DELIVERY_S, equal, LARGE, messages,
                    QUEUES, shards)
from groups import GHOST_S, LOCK_S

EVERY = list(range(QUEUES))


class Pair:
    """A bench for each of the two libraries at one cluster."""

    def __init__(self, cluster, agents, scenario):
        self.benches = [Bench(cluster, agent, None, scenario) for agent in agents]
        for at, bench in enumerate(self.benches):
            bench.prefix += f"-{'ab'[at]}"

    def topic(self):
        return self.benches[0].topic()

    def name(self, what):
        return self.benches[0].name(what)

    def __iter__(self):
        return iter(self.benches)

    def orders(self):
        """(one, other), both ways round."""
        return itertools.permutations(self.benches)


class Group:
    """The members of one group, of either library, in the order in which they joined."""

    def __init__(self, topic, group, **options):
        self.topic, self.group, self.options = topic, group, options
        self.members = []  # (bench, consumer)
        self.gone = []

    def join(self, bench):
        self.members.append((bench, bench.consumer(self.topic, self.group, **self.options)))

    def leave(self, at):
        bench, consumer = self.members.pop(at)
        bench.stop_consumer(consumer)
        self.gone.append((bench, consumer))

    def got(self, of=None):
        """(member, message) of all members, also those that have left."""
        return [(member, message) for member in (of or self.members + self.gone)
                for message in member[0].agent.messages(member[1])]


def allocation_agrees(pair):
    """Whoever joins or leaves: every queue has one owner, and nobody has more than his share."""
    topic, sent = pair.topic(), []
    java, cpp = pair
    group = Group(topic, pair.name("group"))
    producer = java.producer()

    def owners():
        """Sends two messages to each queue; gives the queues that each member got them from."""
        specs = [{"body": f"round {len(sent)} message {at}"} for at in range(2 * QUEUES)]
        sent.extend(specs)
        java.send(topic, specs, producer=producer)
        wanted = set(bodies(specs))
        waiting.until(lambda: wanted <= {m["body"] for _, m in group.got()}, DELIVERY_S, "a round")
        return [sorted({m["queueId"] for _, m in group.got([member]) if m["body"] in wanted})
                for member in group.members]

    def until_shared(what):
        def shared():
            queues = owners()
            sizes = sorted(map(len, queues))
            return sorted(sum(queues, [])) == EVERY and sizes[-1] - sizes[0] <= 1
        waiting.until(shared, GHOST_S, f"every queue has one owner, {what}")
    for at, bench in enumerate([java, cpp, cpp, java]):
        group.join(bench)
        until_shared(f"{at + 1} members")
    for at in (0, 1, 0):
        group.leave(at)
        until_shared(f"{len(group.members)} members")
    check_received([m for _, m in group.got()], sent)
    group.leave(0)


def offsets_pass_over(pair):
    """A group that one library leaves is taken up by the other where it stopped."""
    for one, other in pair.orders():
        topic, group = pair.topic(), pair.name("group")
        before, after = messages(40, "before"), messages(40, "after")
        consumer = one.consumer(topic, group)
        one.send(topic, before)
        one.received(consumer, bodies(before), "messages of the first library")
        one.until_committed(group, topic)
        one.stop_consumer(consumer)
        one.send(topic, after)
        consumer = other.consumer(topic, group)
        other.received(consumer, bodies(after), "messages after the change", GHOST_S)
        other.until_committed(group, topic)
        check_received(other.agent.messages(consumer), after)
        other.stop_consumer(consumer)


def ordered_queues_change_hands(pair):
    """Under traffic ordered queues go from one library to the other and back, in order."""
    for one, other in pair.orders():
        names, sent = shards(8), []
        topic, producer = pair.topic(), one.producer()
        group = Group(topic, pair.name("group"), ordered=True)
        group.join(one)

        def got_after_sending(member, count):
            specs = [{"body": f"{name} {len(sent) // len(names):04}", "shard": name} for name in names]
            sent.extend(specs)
            one.send(topic, specs, "ordered", producer)
            return len(group.got([member])) >= count
        waiting.until(lambda: got_after_sending(group.members[0], 40), DELIVERY_S, "the first has messages")
        group.join(other)
        waiting.until(lambda: got_after_sending(group.members[1], 40), DELIVERY_S, "the second has messages")
        group.leave(1)
        waiting.until(lambda: {m["body"] for _, m in group.got()} >= set(bodies(sent)),
                      LOCK_S + GHOST_S, "the first has the rest")
        for name in names:
            for member in group.members + group.gone:
                own = [m["body"] for _, m in group.got([member]) if m["body"].startswith(f"{name} ")]
                equal(list(dict.fromkeys(own)), sorted(set(own)), f"order of {name} at {member[1]}")
        group.leave(0)


def nothing_lost_while_members_come_and_go(pair):
    """Members of both libraries join and leave under traffic: all arrives, twice at most where a
    queue has changed hands before its offset was committed."""
    topic, sent = pair.topic(), []
    java, cpp = pair
    group = Group(topic, pair.name("group"))
    producers = {bench: bench.producer() for bench in pair}

    def traffic():
        for bench, producer in producers.items():
            specs = messages(20, f"part {len(sent)}")
            sent.extend(specs)
            bench.send(topic, specs, producer=producer)
    for bench in (java, cpp, java, cpp):
        group.join(bench)
        traffic()
    for at in (1, 0, 1):
        traffic()
        group.leave(at)
        traffic()
    wanted = set(bodies(sent))
    waiting.until(lambda: wanted <= {m["body"] for _, m in group.got()}, DELIVERY_S,
                  lambda: f"missing: {sorted(wanted - {m['body'] for _, m in group.got()})[:10]}")
    check_received([m for _, m in group.got()], sent)
    group.members[0][0].until_committed(group.group, topic)
    group.leave(0)


def each_reads_what_the_other_sends(pair):
    """Bodies, compressed too, batches, tags, keys and properties mean the same to both."""
    for one, other in pair.orders():
        topic, group = pair.topic(), pair.name("group")
        specs, batch = messages(30) + [{"body": LARGE}], messages(10, "batch")
        consumer = other.consumer(topic, group)
        results = one.send(topic, specs)
        check_stored(one, one.stored(topic, len(specs)), specs, results)
        one.send(topic, batch, "batch")
        check_received(other.received(consumer, bodies(specs + batch), "what the other library sent"),
                       specs + batch)
        other.stop_consumer(consumer)


ALL = [ordered_queues_change_hands, allocation_agrees, nothing_lost_while_members_come_and_go,
       offsets_pass_over, each_reads_what_the_other_sends]
