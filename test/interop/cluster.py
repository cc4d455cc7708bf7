"""Name servers and one master on free ports of 127.0.0.1, ours or Apache's."""
import pathlib

import apache
import remoting
from members import BROKER_NAME, CLUSTER_NAME, Member, START_TIMEOUT_S  # noqa: F401
from processes import Process, free_ports, listening
from waiting import until

class CometServers:
    """Our programs, from a build or install folder's bin/."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder).resolve()
        self.label = "cometmq"

    def start_namesrv(self, conf, folder, name="namesrv"):
        return Process(name, [self.bin / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder, name="broker"):
        return Process(name, [self.bin / "mqbroker", "-c", conf], folder)


class ApacheServers:
    """Apache's servers of one version."""

    def __init__(self, version, heap="1g"):
        self.version, self.heap = version, heap
        self.label = f"apache-{version}"

    def start_namesrv(self, conf, folder, name="namesrv"):
        return apache.start_namesrv(self.version, conf, folder, name=name)

    def start_broker(self, conf, folder, name="broker"):
        return apache.start_broker(self.version, conf, folder, self.heap, name)


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


class NameServers:
    """Name servers; what has brokers too is made from it. Stops all on exit."""

    def __init__(self, programs, folder, namesrvs=1):
        self.programs = programs
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.namesrv_ports = [None] * namesrvs
        self.namesrvs = {}  # which -> process, of those that run
        self.members = []

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self):
        for which in range(len(self.namesrv_ports)):
            self.namesrv_ports[which] = free_ports()
            self.start_namesrv(which)

    def __exit__(self, *_):
        for process in self._servers():
            process.kill()

    def _servers(self):
        return [*(member.process for member in self.members if member.process), *self.namesrvs.values()]

    @property
    def namesrv(self):
        """The first of the name servers that run."""
        return next(iter(self.namesrvs.values()))

    @property
    def namesrv_address(self):
        return ";".join(f"127.0.0.1:{port}" for port in self.namesrv_ports)

    def ask_namesrv(self, which=None):
        """A connection to that name server, else to any that runs."""
        which = next(iter(self.namesrvs)) if which is None else which
        return remoting.Peer(f"127.0.0.1:{self.namesrv_ports[which]}")

    def start_namesrv(self, which):
        """Starts a name server on its port and waits until it answers."""
        name = f"namesrv-{which}" if which else "namesrv"
        conf = self.write_conf(name, {
            "listenPort": self.namesrv_ports[which], "kvConfigPath": self.folder / f"{name}-kv.json"})
        process = self.namesrvs[which] = self.programs.start_namesrv(conf, self.folder, name)
        until(lambda: process.check_alive() and listening(self.namesrv_ports[which]),
              START_TIMEOUT_S, "the name server's start")

    def stop_namesrv(self, which):
        self.namesrvs.pop(which).stop()

    def obituary(self):
        """What a server that ended by itself said last; empty while all live."""
        for process in self._servers():
            if process.child.poll() is not None:
                return f"{process.name} ended with {process.child.returncode}:\n{process.tail()}"
        return ""

    def ask_broker(self):
        """A connection to the broker that takes messages."""
        raise NotImplementedError

    def create_topic(self, topic, queues=4):
        """Creates a topic and waits until the name servers have its route."""
        with self.ask_broker() as broker:
            broker.create_topic(topic, queues)
        self.await_route(topic)

    def await_route(self, topic):
        """Waits until the name servers know the topic."""
        until(lambda: self.routed(topic), 20, f"the route of {topic}")

    def routed(self, topic):
        """Whether every name server that runs knows the topic."""
        def known(which):
            with self.ask_namesrv(which) as namesrv:
                return namesrv.route(topic)
        return all(known(which) for which in self.namesrvs)

    def write_conf(self, name, settings):
        path = self.folder / f"{name}.conf"
        path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        return path


class Cluster(NameServers):
    """Name servers and one master. `settings` are added to the broker's conf."""

    def __init__(self, programs, folder, settings=None, store=None, namesrvs=1):
        super().__init__(programs, folder, namesrvs)
        self.settings = settings or {}
        self.member = Member(self, programs, settings=self.settings,
                             store=pathlib.Path(store) if store else None)
        self.members.append(self.member)
        self.store = self.member.store

    def begin(self):
        super().begin()
        self.member.start()

    @property
    def broker(self):
        return self.member.process

    @property
    def broker_address(self):
        return self.member.address

    def ask_broker(self):
        return self.member.ask()

    def start_broker(self):
        """Starts the broker and waits until it answers and the name server knows it."""
        self.member.start()

    def stop_broker(self):
        """An orderly stop; gives the exit code."""
        return self.member.stop()

    def kill_broker(self):
        self.member.kill()
