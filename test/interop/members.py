"""One broker: its ports, settings and store, and its process while it runs."""
import remoting
from processes import free_ports, listening
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


class Member:
    """A broker of `cluster`, which has its name servers. `settings` are added to its conf at each start."""

    def __init__(self, cluster, programs, name="broker", settings=None, store=None):
        self.cluster, self.programs, self.name = cluster, programs, name
        self.settings = settings if settings is not None else {}
        self.store = store or cluster.folder / "store"
        self.port = None
        self.process = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def is_slave(self):
        return self.settings.get("brokerRole") == "SLAVE"

    def ask(self):
        return remoting.Peer(self.address)

    def prepare(self):
        """Writes its conf, with ports that it keeps; gives the conf's path."""
        # The VIP port is two below, the replication port one above.
        self.port = self.port or free_ports((-2, 0, 1))
        return self.cluster.write_conf(self.name, {
            **TEST_SETTINGS, "listenPort": self.port, "haListenPort": self.port + 1,
            "namesrvAddr": self.cluster.namesrv_address, "storePathRootDir": self.store,
            "storePathCommitLog": self.store / "commitlog", **self.settings})

    def adopt_conf(self):
        """What somebody has changed in its conf, for its next start."""
        text = (self.cluster.folder / f"{self.name}.conf").read_text()
        self.settings.update(line.split("=", 1) for line in text.splitlines())

    def launch(self):
        self.process = self.programs.start_broker(self.prepare(), self.cluster.folder, self.name)

    def start(self):
        """Starts it and waits until it answers and the name servers know it."""
        self.launch()
        until(self._is_known, START_TIMEOUT_S, f"the start and registration of {self.name}")

    def stop(self):
        """An orderly stop; gives the exit code."""
        process, self.process = self.process, None
        return process.stop()

    def kill(self):
        process, self.process = self.process, None
        process.kill()

    def _is_known(self):
        self.process.check_alive()
        wanted = self.settings.get("brokerId", TEST_SETTINGS["brokerId"])

        def listed(which):
            with self.cluster.ask_namesrv(which) as namesrv:
                return namesrv.brokers().get(BROKER_NAME, {}).get(wanted) == self.address
        return listening(self.port) and all(map(listed, self.cluster.namesrvs)) and \
            (self.is_slave or self.cluster.routed("TBW102"))
