"""A slave copies its master, one of them Apache's: the same bytes, the same queues, the same tables, and
everything is read from the slave when the master is gone."""
import itertools
import os
import shutil
import subprocess

import broker_tables
import toolchains
import waiting
from agent import Agent
from checks import Bench, DELIVERY_S, equal, QUEUES
from cluster import ApacheServers, CometServers
from log_files import CommitLog, expect_equal_logs, expect_equal_queues
from replicas import listed_slaves, make_master, make_slave, Replicas, until_caught_up

MESSAGES = int(os.environ.get("COMET_REPLICATION_MESSAGES", "10000"))
LOAD_S = 400
RETRIES_S = 300  # behind all that was sent before, on a busy machine
SYNC_S = 120  # Apache's 5.x slave asks for topics, groups and offsets once a minute
FIRST, SECOND, RETRIED = "First", "Second", "Retried"
JAVA_HEAP = "512m"


def load(version, cluster, topic, transactions):
    """Sends everything a Java producer can; gives the first two words of the bodies a consumer must see."""
    cluster.create_topic(topic, QUEUES)
    seen = cluster.folder / f"{topic}.visible"
    log = cluster.folder / f"{topic}.log"
    with open(log, "w") as out:
        done = subprocess.run([*toolchains.java_load(version), cluster.namesrv_address, topic, str(MESSAGES),
                               str(transactions).lower(), str(seen)], cwd=cluster.folder, timeout=LOAD_S,
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    equal(done.returncode, 0, f"exit code of Load, whose words are in {log}")
    return seen.read_text().splitlines()


def retry(cluster, command):
    """Messages that fail at a Java consumer go back to the broker, are delayed, come again, and die."""
    with Agent("java-retries", command, cluster.namesrv_address, cluster.folder) as agent:
        bench = Bench(cluster, agent, None, retry)
        cluster.create_topic(RETRIED, QUEUES)
        consumer = bench.consumer(RETRIED, "retry-group", maxReconsume=2)
        specs = [{"body": f"fail-once {at}"} for at in range(20)] + \
                [{"body": f"fail-always {at}"} for at in range(5)]
        bench.send(RETRIED, specs)

        def times():
            return sum(m["reconsumeTimes"] for m in agent.messages(consumer))
        waiting.until(lambda: times() >= 20 + 5 * (1 + 2), RETRIES_S, lambda: f"retries: {times()}")
        bench.until_committed("retry-group", RETRIED)
        bench.stop_consumer(consumer)


def copies_offsets(master, slave):
    """Not among two of Apache's 5.5.0: the slave's JSON reader gives up at the master's pullOffsetTable."""
    return {master.programs.label, slave.programs.label} != {"apache-5.5.0"}


def expect_same_tables(master, slave):
    """What the slave copies beside the log: topics, groups, offsets of groups and of delay levels."""
    with_offsets = copies_offsets(master, slave)

    def of(member):
        with member.ask() as broker:
            return {"topics": {name: topic for name, topic in broker_tables.topics(broker).items()
                               if name in (FIRST, SECOND, RETRIED) or name.startswith("%")},
                    "groups": {name: group["retryMaxTimes"] for name, group in broker.groups().items()
                               if name.endswith("group")},
                    "offsets": broker_tables.offsets(broker) if with_offsets else {},
                    "delays": broker_tables.delays(broker, member.store)}

    def differing():
        theirs, copied = of(master), of(slave)
        return {what: (theirs[what], copied[what]) for what in theirs if theirs[what] != copied[what]}
    waiting.until(lambda: not differing(), SYNC_S, lambda: f"the slave's tables: {differing()}")
    equal({RETRIED, "%RETRY%retry-group", "%DLQ%retry-group"} <= of(slave)["topics"].keys(), True, "topics")
    equal(("retry-group", RETRIED) in of(slave)["offsets"], with_offsets, "the slave knows the group's offsets")


def expect_same_files(master, slave, whole=True):
    """Commit logs and queues are equal, also before the slave was there, if it has the whole log."""
    def compare():
        one, other = CommitLog(master.store), CommitLog(slave.store)
        if whole:
            equal(other.begin, one.begin, "begin of the slave's log")
        expect_equal_logs(one, other)
        return other, expect_equal_queues(master.store, slave.store, other.begin)
    log, entries = _until_passes(compare, DELIVERY_S)  # queues are built, and files written, a moment later
    print(f"     {slave.name}: {log.end - log.begin} bytes in {len(log.files)} files, {log.records} records, "
          f"{entries} entries of queues are equal", flush=True)


def _until_passes(check, timeout_s):
    failure = None

    def passes():
        nonlocal failure
        try:
            return check()
        except AssertionError as error:
            failure = error
            return None
    try:
        return waiting.until(passes, timeout_s, "equal files")
    except waiting.Late:
        raise failure from None


def expect_readable(cluster, agents, wanted):
    """Consumers of each library that are new get everything from the slave, which is alone."""
    waiting.until(lambda: len(listed_slaves(cluster)) == 1, DELIVERY_S, "the slave in the route")
    for name, command in agents.items():
        with Agent(f"{name}-reader", command, cluster.namesrv_address, cluster.folder) as agent:
            for topic, visible in wanted.items():
                agent.call("consumer-start", name=topic, topic=topic, group=reader(cluster, name, topic),
                           expression="*")

                def missing():
                    return set(visible) - {" ".join(m["body"].split(" ", 2)[:2])
                                           for m in agent.messages(topic)}
                waiting.until(lambda: len(agent.messages(topic)) >= len(visible) and not missing(),
                              DELIVERY_S + len(visible) / 500,
                              lambda: f"{name} read {len(agent.messages(topic))} from the slave, missing "
                                      f"{len(missing())} of {len(visible)}: {sorted(missing())[:5]}")
                agent.call("consumer-stop", name=topic)
            print(f"     {agent.library}: read {sum(map(len, wanted.values()))} from the slave", flush=True)


def reader(cluster, library, topic):
    """A group that no other scenario has: on the copied store it would go on where it was."""
    return f"{library.replace('.', '-')}-{topic}-{cluster.folder.name}-group"


class Copying:
    """The scenarios for one version of Apache's broker against `programs`."""

    def __init__(self, version, programs, folder, agents):
        self.version, self.programs, self.folder, self.agents = version, programs, folder, agents
        self.java = ApacheServers(version, heap=JAVA_HEAP)
        self.store = folder / "java-s-store"  # what the first scenario leaves
        self.visible = {}

    def from_apache(self):
        """Apache's master, a slave of `programs` from the first message on."""
        with Replicas(self.java, self.folder / "from") as cluster:
            master = cluster.add(self.java, "master")
            slave = cluster.add(self.programs, "slave")
            self._copy(cluster, master, slave, FIRST, True)
            master.stop()
            expect_readable(cluster, self.agents, self.visible)
            slave.stop()
            shutil.move(slave.store, self.store)

    def to_apache(self):
        """A master of `programs` on the store that was copied, with the transactions of a Java producer
        in it; Apache's slave is empty."""
        with Replicas(self.programs, self.folder / "to") as cluster:
            master = cluster.add(self.programs, "master", store=self.store)
            slave = cluster.add(self.java, "slave")
            self._copy(cluster, master, slave, SECOND, transactions=self._apaches_master)
            master.stop()
            whole = self.visible if not self._apaches_master else {SECOND: self.visible[SECOND]}
            expect_readable(cluster, self.agents, whole)

    @property
    def _apaches_master(self):
        return not isinstance(self.programs, CometServers)

    def _copy(self, cluster, master, slave, topic, transactions):
        make_master(master)
        make_slave(slave)
        master.start()
        slave.start()
        with master.ask() as broker:
            for library, read in itertools.product(self.agents, {*self.visible, topic}):
                broker.create_group(reader(cluster, library, read))
        # Apache's master sends a new slave its newest file only.
        whole = not (self._apaches_master and topic == SECOND)
        until_caught_up(master, slave)
        self.visible[topic] = load(self.version, cluster, topic, transactions)
        retry(cluster, self.agents[f"java-{self.version}"])
        until_caught_up(master, slave)
        expect_same_files(master, slave, whole)
        expect_same_tables(master, slave)


def run(version, programs, folder, report, only, agents, _):
    for artifact in ("broker", "namesrv"):
        toolchains.apache(artifact, version)
    copying = Copying(version, programs, folder, agents)
    print(f"{MESSAGES} messages between apache-{version} and {programs.label}", flush=True)
    for scenario in (copying.from_apache, copying.to_apache):
        if not only or scenario.__name__ in only:
            report.run(scenario.__name__, scenario)
