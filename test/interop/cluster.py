"""One name server and one master on free ports of 127.0.0.1, ours or Apache's."""
import pathlib

import apache
import remoting
from processes import Process, free_ports, listening
from waiting import until

START_TIMEOUT_S = 120
BROKER_NAME = "broker-a"
CLUSTER_NAME = "InteropCluster"

# Retries come within a second; the store's files are small because some checks copy them.
TEST_SETTINGS = {
    "brokerClusterName": CLUSTER_NAME, "brokerName": BROKER_NAME, "brokerId": "0",
    "brokerRole": "ASYNC_MASTER", "flushDiskType": "ASYNC_FLUSH", "brokerIP1": "127.0.0.1",
    "deleteWhen": "04", "fileReservedTime": "48", "mappedFileSizeCommitLog": str(16 << 20),
    "defaultTopicQueueNums": "4",
    # Apache's broker drops what waits longer than 200 ms, which a cold JVM exceeds.
    "waitTimeMillsInSendQueue": "3000", "osPageCacheBusyTimeOutMills": "3000",
    "messageDelayLevel": " ".join(["1s"] * 16 + ["1h", "2h"]),
}


class CometServers:
    """Our programs, from a build or install folder's bin/."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder).resolve()
        self.label = "cometmq"

    def start_namesrv(self, conf, folder):
        return Process("namesrv", [self.bin / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder):
        return Process("broker", [self.bin / "mqbroker", "-c", conf], folder)


class ApacheServers:
    """Apache's servers of one version."""

    def __init__(self, version, heap="1g"):
        self.version, self.heap = version, heap
        self.label = f"apache-{version}"

    def start_namesrv(self, conf, folder):
        return apache.start_namesrv(self.version, conf, folder)

    def start_broker(self, conf, folder):
        return apache.start_broker(self.version, conf, folder, self.heap)


def servers(label, bin_folder):
    """"cometmq" or "apache-VERSION"."""
    if label == "cometmq":
        return CometServers(bin_folder)
    return ApacheServers(label.removeprefix("apache-"))


class MixedServers:
    """The name server of one, the broker of the other."""

    def __init__(self, namesrv, broker):
        self.label = f"a name server of {namesrv.label} with a broker of {broker.label}"
        self.start_namesrv, self.start_broker = namesrv.start_namesrv, broker.start_broker


class Cluster:
    """Starts on entry, stops on exit. `settings` are added to the broker's conf."""

    def __init__(self, programs, folder, settings=None, store=None):
        self.programs = programs
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = pathlib.Path(store) if store else self.folder / "store"
        self.settings = settings or {}
        self.namesrv = self.broker = None

    def __enter__(self):
        try:
            self._start_namesrv()
            # The VIP port is two below, the replication port one above.
            self.broker_port = free_ports((-2, 0, 1))
            self.start_broker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (self.broker, self.namesrv):
            if process:
                process.kill()

    @property
    def namesrv_address(self):
        return f"127.0.0.1:{self.namesrv_port}"

    @property
    def broker_address(self):
        return f"127.0.0.1:{self.broker_port}"

    def ask_namesrv(self):
        return remoting.Peer(self.namesrv_address)

    def ask_broker(self):
        return remoting.Peer(self.broker_address)

    def _start_namesrv(self):
        self.namesrv_port = free_ports()
        conf = self._write("namesrv.conf", {
            "listenPort": self.namesrv_port,
            "kvConfigPath": self.folder / "namesrv-kv.json"})
        self.namesrv = self.programs.start_namesrv(conf, self.folder)
        until(lambda: self.namesrv.check_alive() and listening(self.namesrv_port),
              START_TIMEOUT_S, "the name server's start")

    def start_broker(self):
        """Starts the broker and waits until it answers and the name server knows it."""
        conf = self._write("broker.conf", {
            **TEST_SETTINGS, "listenPort": self.broker_port, "haListenPort": self.broker_port + 1,
            "namesrvAddr": self.namesrv_address, "storePathRootDir": self.store,
            "storePathCommitLog": self.store / "commitlog", **self.settings})
        self.broker = self.programs.start_broker(conf, self.folder)
        until(self._broker_is_known, START_TIMEOUT_S, "the broker's start and registration")

    def stop_broker(self):
        """An orderly stop; gives the exit code."""
        code = self.broker.stop()
        self.broker = None
        return code

    def obituary(self):
        """What a server that ended by itself said last; empty while both live."""
        for process in (self.namesrv, self.broker):
            if process and process.child.poll() is not None:
                return f"{process.name} ended with {process.child.returncode}:\n{process.tail()}"
        return ""

    def create_topic(self, topic, queues=4):
        """Creates a topic and waits until the name server has its route."""
        with self.ask_broker() as broker, self.ask_namesrv() as namesrv:
            broker.create_topic(topic, queues)
            until(lambda: namesrv.route(topic), 20, f"the route of {topic}")

    def _broker_is_known(self):
        self.broker.check_alive()
        if not listening(self.broker_port):
            return False
        with self.ask_namesrv() as namesrv:
            return self.broker_address in namesrv.brokers().get(BROKER_NAME, {}).values() and \
                namesrv.route("TBW102")

    def _write(self, name, settings):
        path = self.folder / name
        path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        return path
