"""Apache's mqadmin and ours, run against the cluster; what they print is checked."""
import functools
import re
import subprocess

import remoting
import toolchains
from cluster import BROKER_NAME, CLUSTER_NAME, Cluster
from checks import equal
from waiting import until

COMMAND_TIMEOUT_S = 90
TOPIC, GROUP, PULL_GROUP, QUEUES = "AdminTopic", "admin-group", "pull-group", 3
COUNT, COMMITTED = 12, 2


class Mqadmin:
    """Apache's of a version, or, with "cometmq", ours."""

    def __init__(self, version, cluster, bin_folder):
        self.cluster, self.version = cluster, version
        self._command = [bin_folder / "mqadmin"] if version == "cometmq" else self._apache(version)

    def _apache(self, version):
        cluster = self.cluster
        # 4.x prints a trace when its log configuration is missing.
        conf = cluster.folder / "conf"
        conf.mkdir(exist_ok=True)
        (conf / "logback_tools.xml").write_text("<configuration/>")
        jars = toolchains.apache("tools", version)
        return ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                f"-Duser.home={cluster.folder}", f"-Drocketmq.home.dir={cluster.folder}",
                "-cp", f"{jars}/*", "org.apache.rocketmq.tools.command.MQAdminStartup"]

    def __call__(self, command, *options, fails=False):
        """Runs a command; gives what it printed. Apache's exits 0 even when it fails: it prints a trace."""
        done = subprocess.run([*self._command, command, "-n", self.cluster.namesrv_address, *options],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=COMMAND_TIMEOUT_S,
                              cwd=self.cluster.folder)
        failed = bool(done.returncode or re.search(r"Exception|\bat org\.apache", done.stdout))
        if failed != fails:
            raise AssertionError(f"{command} exit {done.returncode}: {done.stdout[-1500:]}")
        return done.stdout


def rows(text, first):
    """The table rows whose first column is `first`, as lists of columns."""
    return [line.split() for line in text.splitlines() if line.split()[:1] == [first]]


def cluster_list(cluster, admin, state):
    row, = rows(admin("clusterList"), CLUSTER_NAME)
    equal(row[:4], [CLUSTER_NAME, BROKER_NAME, "0", cluster.broker_address], "clusterList")
    equal(bool(re.fullmatch(r"V\d_\d+_\d+.*", row[4])), True, f"version {row[4]}")
    equal(bool(re.match(r"[\d.]+\(\d+,\d+ms", row[5])), True, f"put rate {row[5]}")
    more, = rows(admin("clusterList", "-m"), CLUSTER_NAME)
    equal(more[1], BROKER_NAME, "clusterList -m")
    equal(all(value.isdigit() for value in more[2:6]), True, f"counters {more[2:6]}")


def topic_list(cluster, admin, state):
    names = admin("topicList").split()
    for name in (TOPIC, f"%RETRY%{GROUP}", "TBW102"):
        equal(name in names, True, f"{name} in topicList {names}")


def topic_route(cluster, admin, state):
    text = admin("topicRoute", "-t", TOPIC)
    route = remoting.lenient_json(text[text.index("{"):text.rindex("}") + 1].encode())
    equal(route["brokerDatas"][0]["brokerAddrs"], {"0": cluster.broker_address}, "addresses")
    equal(route["brokerDatas"][0]["cluster"], CLUSTER_NAME, "cluster")
    queue = route["queueDatas"][0]
    equal((queue["brokerName"], queue["readQueueNums"], queue["writeQueueNums"], queue["perm"]),
          (BROKER_NAME, QUEUES, QUEUES, 6), "queues")


def topic_status(cluster, admin, state):
    table = rows(admin("topicStatus", "-t", TOPIC), BROKER_NAME)
    equal([(int(row[1]), int(row[2]), int(row[3])) for row in sorted(table)],
          [(queue, 0, COUNT // QUEUES) for queue in range(QUEUES)], "queues, least and greatest offsets")
    equal(all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[4]) for row in table), True, "last updates")


def update_topic(cluster, admin, state):
    text = admin("updateTopic", "-c", CLUSTER_NAME, "-t", "Changed", "-r", "5", "-w", "6", "-p", "4")
    equal(f"create topic to {cluster.broker_address} success" in text, True, text)
    equal("topicName=Changed, readQueueNums=5, writeQueueNums=6, perm=R--" in text, True, text)

    def changed():
        with cluster.ask_namesrv() as namesrv:
            route = namesrv.route("Changed")
        return route and [(q["readQueueNums"], q["writeQueueNums"], q["perm"]) for q in route["queueDatas"]]
    until(lambda: changed() == [(5, 6, 4)], 20, lambda: f"the changed route: {changed()}")
    # Ours keeps what is not given, unless it is told to do as Apache's.
    replace = ["--replace"] if admin.version == "cometmq" else []
    admin("updateTopic", "-b", cluster.broker_address, "-t", "Changed", "-r", "2", "-w", "2", *replace)
    until(lambda: changed() == [(2, 2, 6)], 20, lambda: f"the route changed again: {changed()}")


def consumer_progress(cluster, admin, state):
    table = rows(admin("consumerProgress", "-g", GROUP), TOPIC)
    each = COUNT // QUEUES
    equal([(row[1], int(row[2]), int(row[3]), int(row[4])) for row in sorted(table, key=lambda r: r[2])],
          [(BROKER_NAME, queue, each, COMMITTED) for queue in range(QUEUES)], "offsets")
    everything = admin("consumerProgress")
    row, = rows(everything, GROUP)
    equal(row[-1], str(QUEUES * (each - COMMITTED)), f"lag in {row}")


def query_by_id(cluster, admin, state):
    for record in (state.records[0], state.records[-1]):
        topic = [] if admin.version.startswith("4.") else ["-t", TOPIC]
        text = admin("queryMsgById", "-i", record.offset_msg_id, *topic)
        shown = dict(re.findall(r"^([A-Z][\w ]+?):\s+(.*)$", text, re.MULTILINE))
        wanted = {"OffsetID": record.offset_msg_id, "Topic": TOPIC, "Queue ID": str(record.queue_id),
                  "Queue Offset": str(record.queue_offset), "CommitLog Offset": str(record.position),
                  "Reconsume Times": "0", "Tags": f"[{record.properties['TAGS']}]",
                  "Keys": f"[{record.properties['KEYS']}]"}
        equal({key: shown.get(key) for key in wanted}, wanted, "queryMsgById")
        path = re.search(r"Message Body Path:\s+(\S+)", text)
        equal(open(path.group(1), "rb").read(), record.body, "the body that queryMsgById saved")


def query_by_key(cluster, admin, state):
    for record in state.records[:2]:
        table = rows(admin("queryMsgByKey", "-t", TOPIC, "-k", record.properties["KEYS"]),
                     record.properties["UNIQ_KEY"])
        equal([row[1:3] for row in table], [[str(record.queue_id), str(record.queue_offset)]],
              "queryMsgByKey")
    refusal = admin("queryMsgByKey", "-t", TOPIC, "-k", "no-such-key", fails=True)
    equal("CODE: 208" in refusal or admin.version == "cometmq", True, f"an unknown key: {refusal}")


def progress_of_pull_group(cluster, admin, state):
    """A group that only pulls has no retry topic, but progress. Apache's tool wants the topic then.

    Last of all: with such a group queryMsgById of Apache's tool prints an exception."""
    with cluster.ask_broker() as broker:
        broker.create_group(PULL_GROUP)
        broker.commit(PULL_GROUP, TOPIC, 0, COMMITTED)
    topic = [] if admin.version == "cometmq" else ["-t", TOPIC]
    table = rows(admin("consumerProgress", "-g", PULL_GROUP, *topic), TOPIC)
    equal([(int(row[2]), int(row[4])) for row in table], 
          [(queue, COMMITTED if queue == 0 else 0) for queue in range(QUEUES)], "offsets")


CHECKS = [cluster_list, topic_list, topic_route, topic_status, update_topic, consumer_progress,
          query_by_id, query_by_key, progress_of_pull_group]
NOT_APPLICABLE = {"4.9.7": {"progress_of_pull_group": "consumerProgress of 4.9.7 cannot be given a topic"}}


class State:
    """The topic, messages and offsets that the commands look at."""

    def __init__(self, cluster):
        cluster.create_topic(TOPIC, QUEUES)
        cluster.create_topic(f"%RETRY%{GROUP}", 1)
        with cluster.ask_broker() as broker:
            broker.create_group(GROUP)
            for at in range(COUNT):
                broker.send(TOPIC, at % QUEUES, f"body {at}".encode(), {
                    "TAGS": "AdminTag", "KEYS": f"admin-key-{at}", "UNIQ_KEY": f"7F000001{at:024X}"})
            for queue in range(QUEUES):
                broker.commit(GROUP, TOPIC, queue, COMMITTED)
            until(lambda: len(broker.read_topic(TOPIC, QUEUES)) == COUNT, 20, "the messages")
            self.records = broker.read_topic(TOPIC, QUEUES)


def run(version, programs, folder, report, only, bin_folder):
    if version != "cometmq":
        toolchains.apache("tools", version)
    with Cluster(programs, folder) as cluster:
        state = State(cluster)
        admin = Mqadmin(version, cluster, bin_folder)
        print(f"mqadmin {version} against {programs.label}", flush=True)
        missing = NOT_APPLICABLE.get(version, {})
        for name, reason in missing.items():
            print(f"N/A  {name}: {reason}")
        for check in CHECKS:
            if check.__name__ not in missing and (not only or check.__name__ in only):
                report.run(check.__name__, functools.partial(check, cluster, admin, state), cluster)
