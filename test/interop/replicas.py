"""Several brokers of one broker name, each ours or Apache's: masters, slaves, and how they change places."""
import re
import urllib.request

import remoting
import waiting
from broker_tables import runtime
from cluster import NameServers
from members import Member
from processes import free_ports

# A name server's answer tells a slave its master's address: the shortest period. Small files have many ends.
SETTINGS = {"registerNameServerPeriod": "10000", "brokerIP2": "127.0.0.1", "slaveReadEnable": "true",
            "mappedFileSizeCommitLog": str(1 << 20), "mappedFileSizeConsumeQueue": "60000"}
QUIET_S = 3
CATCH_UP_S = 180


class Replicas(NameServers):
    """Name servers of `programs` and the brokers that are added, which stop on exit."""

    def add(self, programs, name, store=None, **settings):
        """A broker, not started yet: a master unless it is made a slave."""
        member = Member(self, programs, name, {**SETTINGS, **settings},
                        store or self.folder / f"{name}-store")
        self.members.append(member)
        return member

    @property
    def master(self):
        master, = (member for member in self.members if member.process and not member.is_slave)
        return master

    def ask_broker(self):
        return self.master.ask()


def make_slave(member, broker_id=1):
    """From its next start on."""
    member.settings.update(brokerRole="SLAVE", brokerId=str(broker_id))


def make_master(member):
    """From its next start on."""
    member.settings.update(brokerRole="ASYNC_MASTER", brokerId="0")


def log_end(member):
    """Where its commit log ends, by its own word; None while it has none, as Apache's in its first second."""
    with member.ask() as broker:
        try:
            return int(runtime(broker)["commitLogMaxOffset"])
        except remoting.Refused:
            return None


def export_metrics(member):
    """From its next start on; of ours only."""
    member.settings.update(metricsExporterType="PROM", metricsPromExporterPort=str(free_ports((0,))))


def measured(member, name):
    """What it tells Prometheus under that name, of one series; None when there is no such series."""
    port = member.settings["metricsPromExporterPort"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        found = re.search(rf"^{name}\{{.*\}} (.*)$", page.read().decode(), re.MULTILINE)
    return float(found[1]) if found else None


def until_caught_up(master, slave, timeout_s=CATCH_UP_S):
    """Waits until the slave has everything and the master writes nothing more; gives the log's end."""
    def ends():
        return log_end(master), log_end(slave)

    def both():
        def same():
            one, other = ends()
            return one is not None and one == other
        waiting.until(same, timeout_s, lambda: f"{slave.name} has all of {master.name}: {ends()}")
        return log_end(master)
    waiting.until_settled(both, QUIET_S, timeout_s, f"{master.name} is quiet")
    return both()


def listed_slaves(cluster):
    """The addresses that the name servers give out for ids above 0."""
    with cluster.ask_namesrv() as namesrv:
        return [address for brokers in namesrv.brokers().values() for number, address in brokers.items()
                if number != "0"]
