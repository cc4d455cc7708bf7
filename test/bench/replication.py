#!/usr/bin/env python3
"""What a slave costs its master's producers, and how far behind it is, each figure beside the one it is compared with.

    test/bench/replication.py [FIGURE...]     attach sync far lag reads; without a figure: all

Master and slave run on this machine, from build/release. "far" puts a proxy on their connection that holds every
byte back for half of the wanted round trip; it is there without the delay too, so that only the delay differs.
"""
import argparse
import collections
import contextlib
import json
import socket
import threading
import time
import types

import measure
from measure import flow_of, median

import cluster  # by measure's path
from members import Member


class SlowWay:
    """Passes on to a port what comes to its own, each byte `delay_s` later, both ways."""

    def __init__(self, target, delay_s):
        self.target, self.delay_s = target, delay_s
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near = self.listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.target))
                for one, other in ((near, far), (far, near)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._carry(one, other)

    def _carry(self, source, sink):
        held, news = collections.deque(), threading.Condition()

        def read():
            more = True
            while more:
                try:
                    more = source.recv(1 << 20)
                except OSError:
                    more = b""
                with news:
                    held.append((time.monotonic() + self.delay_s, more))
                    news.notify()

        def write():
            while True:
                with news:
                    while not held:
                        news.wait()
                    due, data = held.popleft()
                wait = due - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                try:
                    if not data:
                        return sink.shutdown(socket.SHUT_WR)
                    sink.sendall(data)
                except OSError:
                    return source.close()

        for work in (read, write):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.listener.close()


@contextlib.contextmanager
def slave_of(bench, running, ha_port=None):
    """A slave of the cluster's master, in sync, the logs of both warm."""
    settings = {**running.settings, "brokerRole": "SLAVE", "brokerId": "1"}
    if ha_port:
        settings["haMasterAddress"] = f"127.0.0.1:{ha_port}"
    slave = Member(running, running.programs, "slave", settings, running.folder / "slave-store")
    slave.launch()
    try:
        cluster.until(lambda: slave.process.check_alive() and ha_status(running)["inSyncSlaveNums"] == 1, 60,
                      "the slave's copy")
        bench.warm_log(running, slave.store)
        yield slave
    finally:
        slave.kill()


def ha_status(running):
    with running.ask_broker() as master:
        return json.loads(master.call(907)[2])


def sends(bench, running, options, in_flight):
    return flow_of(bench.run(running, mode="send", in_flight=in_flight, size=100, seconds=options.seconds,
                             warmup=0.5))


def attach(bench, options):
    """A master with the means of replication and nobody who copies."""
    rows = []
    for _ in range(options.rounds):
        with bench.broker({"brokerRole": "ASYNC_MASTER"}) as running:
            bench.warm_log(running)
            rows.append(sends(bench, running, options, 1024))
    print(f"ASYNC_MASTER alone: {median(rows, 'rate') / 1e3:.0f} k msg/s, CPU {median(rows, 'cpu_us'):.2f} us/msg")


def sync(bench, options):
    rows = []
    for _ in range(options.rounds):
        row = {}
        for role in ("ASYNC_MASTER", "SYNC_MASTER"):
            with bench.broker({"brokerRole": role}) as running:
                with slave_of(bench, running):
                    row[role] = sends(bench, running, options, 1024)
        row["ratio"] = row["SYNC_MASTER"]["rate"] / row["ASYNC_MASTER"]["rate"]
        rows.append(row)
        print(f"  ASYNC_MASTER {row['ASYNC_MASTER']['rate'] / 1e3:.0f} k/s, "
              f"SYNC_MASTER {row['SYNC_MASTER']['rate'] / 1e3:.0f} k/s, ratio {row['ratio']:.2f}", flush=True)
    print(f"SYNC_MASTER to ASYNC_MASTER, one slave, 1,024 in flight: {median(rows, 'ratio'):.2f} (wanted 0.50)")


def far(bench, options):
    rows = []
    for _ in range(options.rounds):
        rates = []
        for delay_s in (0, options.round_trip_ms / 2000):
            with bench.broker({"brokerRole": "SYNC_MASTER"}) as running:
                way = SlowWay(running.member.port + 1, delay_s)
                with slave_of(bench, running, way.port):
                    rates.append(sends(bench, running, options, 8192)["rate"])
                way.close()
        rows.append({"ratio": rates[1] / rates[0]})
        print(f"  {rates[0] / 1e3:.0f} k/s, with {options.round_trip_ms} ms {rates[1] / 1e3:.0f} k/s, "
              f"ratio {rows[-1]['ratio']:.2f}", flush=True)
    print(f"SYNC_MASTER with {options.round_trip_ms} ms of round trip to without, 8,192 in flight: "
          f"{median(rows, 'ratio'):.2f} (wanted 0.90)")


def lag(bench, options):
    """Bytes that the slave lacks, as the master sees it, over the bytes written in a second."""
    with bench.broker({"brokerRole": "ASYNC_MASTER"}) as running:
        with slave_of(bench, running):
            load = bench.start(running, mode="send", in_flight=1024, size=100, seconds=options.seconds, warmup=0.5)
            behind, ends = [], []
            while load.poll() is None:
                status = ha_status(running)
                ends.append((time.monotonic(), status["masterCommitLogMaxOffset"]))
                behind.append(status["haConnectionInfo"][0]["diff"])
                time.sleep(0.1)
            rate = flow_of(measure.report_of(load))["rate"]
    written = [pair for pair in ends if pair[1] > 0]
    bytes_s = (written[-1][1] - written[0][1]) / (written[-1][0] - written[0][0])
    lags = sorted(one / bytes_s * 1e3 for one in behind)
    print(f"lag under {rate / 1e3:.0f} k msg/s, {bytes_s / 2**20:.0f} MiB/s: median "
          f"{lags[len(lags) // 2]:.1f} ms, most {lags[-1]:.1f} ms of {len(lags)} looks (wanted 50)")


def reads(bench, options):
    """The same pulls at master and slave, in turn, 32 of them under way."""
    with bench.broker({"brokerRole": "ASYNC_MASTER"}) as running:
        with slave_of(bench, running) as slave:
            bench.run(running, mode="send", size=100, batch=50, in_flight=64, queues=32, messages=4_000_000, warmup=0)
            cluster.until(lambda: ha_status(running)["haConnectionInfo"][0]["diff"] == 0, 60, "the slave's copy")
            places = {"master": running, "slave": types.SimpleNamespace(broker_address=slave.address,
                                                                        broker=slave.process)}
            pulls = {"mode": "pull", "size": 100, "batch": 32, "queues": 32, "seconds": options.seconds}
            for place in places.values():  # the master makes the group, of which the slave hears in its time
                cluster.until(lambda: has_group(slave) or place is running, 60, "the group at the slave")
                bench.run(place, warmup=0, **pulls)
            rows = []
            for _ in range(options.rounds):
                row = {name: flow_of(bench.run(place, warmup=0.5, **pulls))["rate"]
                       for name, place in places.items()}
                rows.append({**row, "ratio": row["slave"] / row["master"]})
                print(f"  master {row['master'] / 1e6:.2f} M/s, slave {row['slave'] / 1e6:.2f} M/s, "
                      f"ratio {rows[-1]['ratio']:.2f}", flush=True)
    print(f"pulls at the slave to pulls at the master, 32 x 100 B: {median(rows, 'ratio'):.2f} (wanted 1)")


def has_group(slave):
    with slave.ask() as broker:
        return "mqbench" in broker.groups()


FIGURES = {"attach": attach, "sync": sync, "far": far, "lag": lag, "reads": reads}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", choices=[[], *FIGURES], metavar="FIGURE")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--round-trip-ms", type=float, default=2)
    measure.add_options(parser)
    options = parser.parse_args()
    bench = measure.Bench(options)
    with measure.halt_poll(options.halt_poll):
        for name in options.figures or FIGURES:
            FIGURES[name](bench, options)


if __name__ == "__main__":
    main()
