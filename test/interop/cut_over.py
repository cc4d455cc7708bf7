"""A running cluster goes from Apache's broker to ours and back: producers and consumers stay connected."""
import contextlib
import dataclasses

import broker_tables
import waiting
from agent import Agent
from checks import Bench, DELIVERY_S, equal, QUEUES
from guide import Guide
from replicas import log_end, make_slave, QUIET_S, Replicas, until_caught_up
from replication import copies_offsets
from traffic import Traffic

TOPIC = "Moved"
MORE = 300  # messages between two events
SYNC_S = 120


@dataclasses.dataclass
class Cut:
    """Where a group stood, by queue, when the master changed: only what lies between may come twice."""
    committed: dict
    end: dict

    def excuses(self, message):
        queue = message["queueId"]
        return self.committed[queue] <= message["queueOffset"] < self.end[queue]

    def lost(self, message):
        """The master that died may have shown it to consumers, but the slave did not have it."""
        return message["queueOffset"] >= self.end[message["queueId"]]


class Consuming:
    """A group's consumer that runs all the time."""

    def __init__(self, agent, topic, **options):
        self.agent, self.topic, self.ordered = agent, topic, options.get("ordered", False)
        self.group = f"{agent.name.replace('.', '-')}-{'ordered' if self.ordered else 'push'}-group"
        agent.call("consumer-start", name=self.group, topic=topic, group=self.group, expression="*", **options)
        self.cuts = []

    def got(self):
        return self.agent.messages(self.group)

    def note_cut(self, broker):
        self.cuts.append(Cut(
            {queue: broker.consumer_offset(self.group, self.topic, queue) or 0 for queue in range(QUEUES)},
            {queue: broker.max_offset(self.topic, queue) for queue in range(QUEUES)}))

    def expect(self, acknowledged):
        """All of it, twice only what was not committed at a cut, and in order."""
        waiting.until(lambda: acknowledged.keys() <= {m["body"] for m in self.got()}, DELIVERY_S,
                      lambda: f"{self.group} misses "
                              f"{sorted(acknowledged.keys() - {m['body'] for m in self.got()})[:10]}")
        first, again, replaced = {queue: {} for queue in range(QUEUES)}, [], []
        for message in self.got():
            offsets = first[message["queueId"]]
            there = offsets.setdefault(message["queueOffset"], message)
            if there["body"] != message["body"]:
                offsets[message["queueOffset"]] = message
                replaced.append(there)
            elif there is not message:
                again.append(message)
        kept = [(m["queueId"], m["queueOffset"]) for m in replaced if not any(cut.lost(m) for cut in self.cuts)]
        equal(kept, [], f"{self.group}: replaced though the slave had it; cuts {self.cuts}")
        beyond = [(m["queueId"], m["queueOffset"]) for m in again
                  if not any(cut.excuses(m) for cut in self.cuts)]
        equal(beyond, [], f"{self.group}: what came again though it was committed; cuts {self.cuts}")
        for queue, offsets in first.items() if self.ordered else ():
            equal(list(offsets), sorted(offsets), f"{self.group}: order of queue {queue}")
        return len(again)


def attach(old, new, guide):
    """The slave has the log, the topics, and where every group stands."""
    new.start()
    with old.ask() as broker:
        groups = {group for group, _ in broker_tables.offsets(broker) if copies_offsets(old, new)}

    def there():
        with new.ask() as broker:
            known = {group for group, _ in broker_tables.offsets(broker)}
            return TOPIC in broker_tables.topics(broker) and groups <= known
    waiting.until(there, SYNC_S, f"tables of {old.name} at {new.name}")
    waiting.until(lambda: passes(guide, "Safe?"), DELIVERY_S, f"{new.name} follows {old.name} closely")


def passes(guide, step):
    try:
        return guide(step) or True
    except AssertionError:
        return False


def hand_over(old, new, guide, consumers):
    """No more writes, the slave has all, the master stops, the slave becomes the master."""
    guide("No more writes")
    until_caught_up(old, new)
    guide("All there?")
    equal(old.stop() in (0, 143), True, f"exit code of {old.name}")
    become_master(new, guide, consumers)


def become_master(new, guide, consumers):
    with new.ask() as broker:
        for consumer in consumers:
            consumer.note_cut(broker)
    new.stop()
    guide("Cut over")
    new.adopt_conf()
    new.start()


class Clients:
    """A Java producer, and consumers of both libraries, at work while the master changes."""

    def __init__(self, cluster, agents, scenario):
        self._cluster = cluster
        cluster.create_topic(TOPIC, QUEUES)
        agents[0].call("producer-start", name="producer", group="producer", retries=0)
        self.consumers = [Consuming(agents[0], TOPIC), Consuming(agents[0], TOPIC, ordered=True),
                          *(Consuming(agent, TOPIC) for agent in agents[1:])]
        self.traffic = Traffic(Bench(cluster, agents[0], None, scenario), TOPIC, "producer")

    def expect_all(self):
        """What was acknowledged is stored, once, and every group has it."""
        self.traffic.until_stored()
        with self._cluster.ask_broker() as broker:
            stored = [record.text for record in broker.read_topic(TOPIC, QUEUES)]
        equal(len(stored), len(set(stored)), "no message is stored twice")
        again = {consumer.group: consumer.expect(self.traffic.acknowledged) for consumer in self.consumers}
        print(f"     {len(self.traffic.acknowledged)} acknowledged, all there and consumed; "
              f"came again: {again}", flush=True)


def there_and_back(cluster, java, programs, agents, bin_folder):
    """From Apache's master to `programs` and back to where it was."""
    first, second = cluster.add(java, "first"), cluster.add(programs, "second")
    first.start()
    clients = Clients(cluster, agents, there_and_back)
    with clients.traffic as traffic:
        traffic.until_more(MORE)
        for old, new in ((first, second), (second, first)):
            make_slave(new)
            new.prepare()
            guide = Guide(cluster, old, new, bin_folder)
            if new is second:
                equal("mappedFileSizeCommitLog" in guide("Look"), True, "settings of the master")
                guide("Copy")
            attach(old, new, guide)
            traffic.until_more(MORE)
            hand_over(old, new, guide, clients.consumers)
            traffic.until_more(MORE)
    clients.expect_all()


def master_is_killed(cluster, java, programs, agents, bin_folder):
    """Apache's SYNC_MASTER dies without a word: what it had acknowledged is at the slave."""
    first = cluster.add(java, "first", brokerRole="SYNC_MASTER", inSyncReplicas="2")
    second = cluster.add(programs, "second")
    first.start()
    make_slave(second)
    second.prepare()
    clients = Clients(cluster, agents, master_is_killed)
    guide = Guide(cluster, first, second, bin_folder)
    attach(first, second, guide)
    with clients.traffic as traffic:
        traffic.until_more(MORE)
        first.kill()
        waiting.until_settled(lambda: log_end(second), QUIET_S, SYNC_S, "what was on its way is there")
        become_master(second, guide, clients.consumers)
        traffic.until_more(MORE)
    clients.expect_all()


def run(scenario, java, programs, folder, commands, bin_folder):
    with Replicas(java, folder) as cluster, contextlib.ExitStack() as stack:
        agents = [stack.enter_context(Agent(name, command, cluster.namesrv_address, folder))
                  for name, command in commands.items()]
        scenario(cluster, java, programs, agents, bin_folder)
