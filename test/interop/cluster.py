"""Name servers and one master on free ports of 127.0.0.1, ours or Apache's."""
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

    def start_namesrv(self, conf, folder, name="namesrv"):
        return Process(name, [self.bin / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder):
        return Process("broker", [self.bin / "mqbroker", "-c", conf], folder)


class ApacheServers:
    """Apache's servers of one version."""

    def __init__(self, version, heap="1g"):
        self.version, self.heap = version, heap
        self.label = f"apache-{version}"

    def start_namesrv(self, conf, folder, name="namesrv"):
        return apache.start_namesrv(self.version, conf, folder, name=name)

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

    def __init__(self, programs, folder, settings=None, store=None, namesrvs=1):
        self.programs = programs
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = pathlib.Path(store) if store else self.folder / "store"
        self.settings = settings or {}
        self.namesrv_ports = [None] * namesrvs
        self.namesrvs = {}  # which -> process, of those that run
        self.broker = None

    def __enter__(self):
        try:
            for which in range(len(self.namesrv_ports)):
                self.namesrv_ports[which] = free_ports()
                self.start_namesrv(which)
            # The VIP port is two below, the replication port one above.
            self.broker_port = free_ports((-2, 0, 1))
            self.start_broker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self._servers():
            process.kill()

    def _servers(self):
        return [*([self.broker] if self.broker else []), *self.namesrvs.values()]

    @property
    def namesrv(self):
        """The first of the name servers that run."""
        return next(iter(self.namesrvs.values()))

    @property
    def namesrv_address(self):
        return ";".join(f"127.0.0.1:{port}" for port in self.namesrv_ports)

    @property
    def broker_address(self):
        return f"127.0.0.1:{self.broker_port}"

    def ask_namesrv(self, which=None):
        """A connection to that name server, else to any that runs."""
        which = next(iter(self.namesrvs)) if which is None else which
        return remoting.Peer(f"127.0.0.1:{self.namesrv_ports[which]}")

    def ask_broker(self):
        return remoting.Peer(self.broker_address)

    def start_namesrv(self, which):
        """Starts a name server on its port and waits until it answers."""
        name = f"namesrv-{which}" if which else "namesrv"
        conf = self._write(f"{name}.conf", {
            "listenPort": self.namesrv_ports[which], "kvConfigPath": self.folder / f"{name}-kv.json"})
        process = self.namesrvs[which] = self.programs.start_namesrv(conf, self.folder, name)
        until(lambda: process.check_alive() and listening(self.namesrv_ports[which]),
              START_TIMEOUT_S, "the name server's start")

    def stop_namesrv(self, which):
        self.namesrvs.pop(which).stop()

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

    def kill_broker(self):
        self.broker.kill()
        self.broker = None

    def obituary(self):
        """What a server that ended by itself said last; empty while both live."""
        for process in self._servers():
            if process.child.poll() is not None:
                return f"{process.name} ended with {process.child.returncode}:\n{process.tail()}"
        return ""

    def create_topic(self, topic, queues=4):
        """Creates a topic and waits until the name servers have its route."""
        with self.ask_broker() as broker:
            broker.create_topic(topic, queues)
        until(lambda: self.routed(topic), 20, f"the route of {topic}")

    def routed(self, topic):
        """Whether every name server that runs knows the topic."""
        def known(which):
            with self.ask_namesrv(which) as namesrv:
                return namesrv.route(topic)
        return all(known(which) for which in self.namesrvs)

    def _broker_is_known(self):
        self.broker.check_alive()

        def listed(which):
            with self.ask_namesrv(which) as namesrv:
                return self.broker_address in namesrv.brokers().get(BROKER_NAME, {}).values()
        return listening(self.broker_port) and all(listed(which) for which in self.namesrvs) and \
            self.routed("TBW102")

    def _write(self, name, settings):
        path = self.folder / name
        path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        return path
