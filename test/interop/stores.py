"""A store that one broker wrote is opened by another: everything is read, and it goes on from there."""
import re
import shutil
import struct

import toolchains
from cluster import ApacheServers, Cluster
from checks import equal
from waiting import until

# Small files, so that the store crosses file ends of every kind.
FILE_SIZES = {"mappedFileSizeCommitLog": str(1 << 20), "mappedFileSizeConsumeQueue": "6000",
              "maxHashSlotNum": "400", "maxIndexNum": "800"}
TOPICS = {"Plain": 4, "Deep": 1, "Sizes": 2}
DELAY_TOPIC, DELAY_LEVEL_OF_AN_HOUR = "SCHEDULE_TOPIC_XXXX", 17
GROUP, COMMITTED = "store-group", {("Plain", 1): 37, ("Deep", 0): 900}


class Written:
    """What the writing broker holds: records by (topic, queue), as read back from it."""

    def __init__(self, cluster):
        for topic, queues in TOPICS.items():
            cluster.create_topic(topic, queues)
        with cluster.ask_broker() as broker:
            self._fill(broker)
            self.records = read_all(broker)
        equal({queue: len(records) for queue, records in self.records.items()},
              {("Plain", 0): 100, ("Plain", 1): 100, ("Plain", 2): 100, ("Plain", 3): 100,
               ("Deep", 0): 900, ("Sizes", 0): 40, ("Sizes", 1): 40,
               (DELAY_TOPIC, DELAY_LEVEL_OF_AN_HOUR - 1): 5}, "records written")

    @staticmethod
    def _fill(broker):
        for at in range(400):
            broker.send("Plain", at % 4, f"plain {at} – ✓".encode(), {
                "TAGS": f"Tag{at % 3}", "KEYS": f"plain-key-{at} every", "wörter": "ä=b;c",
                "UNIQ_KEY": f"7F000002{at:024X}"})
        for at in range(900):
            broker.send("Deep", 0, f"deep {at}".encode(), {"UNIQ_KEY": f"7F000003{at:024X}"})
        for at in range(80):
            broker.send("Sizes", at % 2, bytes([65 + at % 26]) * (at * 997 % 60000 + 1), {
                "KEYS": f"size-key-{at}", "UNIQ_KEY": f"7F000004{at:024X}"})
        for at in range(5):
            broker.send("Plain", 0, f"later {at}".encode(), {
                "DELAY": str(DELAY_LEVEL_OF_AN_HOUR), "UNIQ_KEY": f"7F000005{at:024X}"})
        until(lambda: broker.max_offset(DELAY_TOPIC, DELAY_LEVEL_OF_AN_HOUR - 1) == 5, 20, "dispatch")


def read_all(broker):
    read = {(topic, queue): broker.read_queue(topic, queue)
            for topic, queues in TOPICS.items() for queue in range(queues)}
    delay = DELAY_LEVEL_OF_AN_HOUR - 1
    read[DELAY_TOPIC, delay] = broker.read_queue(DELAY_TOPIC, delay)
    return read


def begin_an_index_file(writer):
    """A kill then meets older index files that the checkpoint covers, and a newest one that it does not.

    A header of zeros in that one made Apache's broker index every message a second time. A checkpoint that
    falls in between hides it; KeyIndexTest has every such moment."""
    def covered_ms():
        return struct.unpack(">3q", (writer.store / "checkpoint").read_bytes()[:24])[2]
    until(lambda: covered_ms() > 0, 20, "a whole index file on disk")
    with writer.ask_broker() as broker:
        for at in range(900):
            broker.send("Deep", 0, f"deeper {at}".encode(), {"UNIQ_KEY": f"7F000007{at:024X}"})
        until(lambda: broker.max_offset("Deep", 0) == 1800, 20, "dispatch")
        return read_all(broker)


def expect_all(cluster, records, topics_moved=False):
    """Every record is found by queue, id, key and time, byte for byte."""
    with cluster.ask_broker() as broker:
        for topic, queues in TOPICS.items() if not topics_moved else ():
            broker.create_topic(topic, queues)  # Apache's broker cannot read our metadata
        found = read_all(broker)
        for queue, wanted in records.items():
            equal(len(found[queue]), len(wanted), f"records of {queue}")
            for record, original in zip(found[queue], wanted):
                equal(record, original, f"record of {queue}")
        for (topic, queue), wanted in records.items():
            for record in wanted[::37]:
                equal(broker.view(record.offset_msg_id), record, "record by id")
            if topic in ("Plain", "Sizes"):
                for record in wanted[::17]:
                    key = record.properties["KEYS"].split()[0]
                    equal(broker.query(topic, key), [record], f"record by key {key}")
                middle = wanted[len(wanted) // 2]
                at = broker.offset_by_time(topic, queue, middle.store_timestamp)
                equal(wanted[at].store_timestamp, middle.store_timestamp, "offset by time")


def send_more(cluster, records):
    """The queues go on at the next offset; gives the records including the new ones."""
    with cluster.ask_broker() as broker:
        for (topic, queue), before in records.items():
            if topic != DELAY_TOPIC:
                offset = broker.send(topic, queue, b"appended", {"KEYS": f"more-{topic}-{queue}",
                                                                 "UNIQ_KEY": f"7F000006{queue:024X}"})
                equal(offset, len(before), f"next offset of {topic} {queue}")
                until(lambda: broker.max_offset(topic, queue) == len(before) + 1, 20, "dispatch")
        return read_all(broker)


class Metadata:
    """What Apache's broker keeps in config/*.json: topics, groups, the progress of consumers and delays."""

    def __init__(self, cluster):
        cluster.create_topic("Unusual", 3)
        with cluster.ask_broker() as broker:
            broker.create_topic("Unusual", 3, perm=4)
            broker.create_group(GROUP, retryQueueNums=2, retryMaxTimes=5, consumeBroadcastEnable=False)
            for (topic, queue), offset in COMMITTED.items():
                broker.commit(GROUP, topic, queue, offset)
            cluster.create_topic("Delayed", 1)
            broker.send("Delayed", 0, b"a second later", {"DELAY": "1"})
            until(lambda: broker.max_offset("Delayed", 0) == 1, 20, "the delayed message")

    @staticmethod
    def expect(cluster):
        with cluster.ask_namesrv() as namesrv, cluster.ask_broker() as broker:
            def queues(topic):
                return [(q["readQueueNums"], q["writeQueueNums"], q["perm"])
                        for q in namesrv.route(topic)["queueDatas"]]
            for topic, count in TOPICS.items():
                equal(queues(topic), [(count, count, 6)], f"queues of {topic}")
            equal(queues("Unusual"), [(3, 3, 4)], "queues of Unusual")
            group = broker.groups()[GROUP]
            equal([group[key] for key in ("retryQueueNums", "retryMaxTimes", "consumeBroadcastEnable")],
                  [2, 5, False], "settings of the group")
            equal({place: broker.consumer_offset(GROUP, *place) for place in COMMITTED}, COMMITTED,
                  "offsets of the group")
            # Would a delayed message come twice, it would come before this one.
            broker.send("Delayed", 0, b"another second later", {"DELAY": "1"})
            until(lambda: broker.max_offset("Delayed", 0) == 2, 20, "the second delayed message")
            equal([record.text for record in broker.read_queue("Delayed", 0)],
                  ["a second later", "another second later"], "delayed messages")


def run(version, programs, folder, report):
    toolchains.apache("broker", version)
    toolchains.apache("namesrv", version)
    reader = ApacheServers(version)

    def end(cluster, how):
        if how == "orderly":
            equal(cluster.stop_broker() in (0, 143), True, "the broker's exit code")
        else:
            cluster.kill_broker()

    def moves(how):
        place = folder / how
        with Cluster(programs, place / "writer", FILE_SIZES) as writer:
            records = Written(writer).records
            if how != "orderly":
                records = begin_an_index_file(writer)
            end(writer, how)
            store = writer.store
        shutil.copytree(store, place / "copy")
        with Cluster(reader, place / "reader", FILE_SIZES, store=place / "copy") as cluster:
            expect_all(cluster, records)
            records = send_more(cluster, records)
            end(cluster, how)
        with Cluster(programs, place / "back", FILE_SIZES, store=place / "copy") as cluster:
            expect_all(cluster, records)
            send_more(cluster, records)

    def comes(how):
        place = folder / f"from-apache-{how}"
        with Cluster(reader, place / "writer", FILE_SIZES) as writer:
            records = Written(writer).records
            Metadata(writer)
            if how != "orderly":
                until(lambda: persisted(writer.store), 30, "the writer's offsets on disk")
            end(writer, how)
            store = writer.store
        with Cluster(programs, place / "reader", FILE_SIZES, store=store) as cluster:
            Metadata.expect(cluster)
            expect_all(cluster, records, topics_moved=True)
            records = send_more(cluster, records)
            equal(cluster.stop_broker(), 0, "the reader's exit code")
            cluster.start_broker()
            expect_all(cluster, records, topics_moved=True)

    def persisted(store):
        files = [store / "config" / name for name in ("consumerOffset.json", "delayOffset.json")]
        try:
            offsets, delays = (path.read_text() for path in files)
        except FileNotFoundError:  # not yet, or being replaced
            return False
        return all(f"{topic}@{GROUP}" in offsets for topic, _ in COMMITTED) and \
            re.search(r'\b1"?\s*:\s*1\b', delays)
    print(f"store of {programs.label} to {reader.label} and back", flush=True)
    report.run("after_an_orderly_stop", lambda: moves("orderly"))
    report.run("after_kill_9", lambda: moves("killed"))
    report.run("apaches_after_an_orderly_stop", lambda: comes("orderly"))
    report.run("apaches_after_kill_9", lambda: comes("killed"))
