#!/usr/bin/env python3
"""CometMQ's figures on this machine, each beside its measuring stick in the same run.

    test/bench/figures.py [--realtime] FIGURE...     test/bench/README.md lists the figures

Every figure starts brokers of its own from build/release and stops them.
"""
import argparse
import statistics
import sys
import time

import measure
from measure import flow_of, median

JSON_FLOOR, BINARY_FLOOR = 1, 0


def _against_floor(bench, options, header, flush):
    """Pairs of un-batched sends of 100 B, 1,024 in flight, with the floor."""
    rows = []
    floor_mode = BINARY_FLOOR if header == "binary" else JSON_FLOOR
    messages = 400_000 if flush == "SYNC_FLUSH" else 1_500_000
    with bench.broker({"flushDiskType": flush}) as running:
        for _ in range(options.rounds):
            ours = flow_of(bench.run(running, mode="send", header=header, in_flight=1024, size=100,
                                     seconds=options.seconds, warmup=0.5))
            floor = bench.floor(floor_mode, int(flush == "SYNC_FLUSH"), messages=messages)
            rows.append({"ratio": ours["rate"] / floor["rate"], "ours": ours["rate"],
                         "floor": floor["rate"], "cpu_us": ours["cpu_us"],
                         "floor_cpu_us": floor["cpu_us"]})
            print(f"  {ours['rate'] / 1e3:7.0f} k/s, floor {floor['rate'] / 1e3:7.0f} k/s, "
                  f"ratio {rows[-1]['ratio']:.2f}; CPU {ours['cpu_us']:.2f} us/msg, "
                  f"floor {floor['cpu_us']:.2f}", flush=True)
    print(f"{header} header, {flush}: median ratio to the floor {median(rows, 'ratio'):.2f} "
          f"(wanted 0.50), broker CPU {median(rows, 'cpu_us'):.2f} us/msg")


def floor(bench, options):
    for flush in ("ASYNC_FLUSH", "SYNC_FLUSH"):
        for header in ("binary", "json"):
            _against_floor(bench, options, header, flush)


def batch(bench, options):
    with bench.broker() as running:
        rows = [flow_of(bench.run(running, mode="send", batch=50, in_flight=64, size=100,
                                  seconds=options.seconds, warmup=0.5))
                for _ in range(options.rounds)]
    print(f"batches of 50 x 100 B: {median(rows, 'rate') / 1e6:.2f} M msg/s (wanted 1.5), broker CPU "
          f"{median(rows, 'cpu_us'):.2f} us/msg (wanted 0.40)")


def pull(bench, options):
    for size, messages in ((100, 2_000_000), (4096, 100_000)):
        with bench.broker() as running:
            bench.run(running, mode="send", size=size, batch=50 if size == 100 else 1, in_flight=64,
                      messages=messages, warmup=0)
            rows = [flow_of(bench.run(running, mode="pull", size=size, batch=32,
                                      seconds=options.seconds, warmup=0.5))
                    for _ in range(options.rounds)]
        rate = median(rows, "rate")
        print(f"pulls of 32 x {size} B from the page cache: {rate / 1e6:.2f} M msg/s, "
              f"{rate * size / 1e9:.2f} GB/s of bodies (wanted 1.5 M/s or 1.5 GB/s), broker CPU "
              f"{median(rows, 'cpu_us'):.2f} us/msg")


def _print_latency(what, latency):
    print(f"{what}: " + ", ".join(f"{key} {latency[key] / 1e3:.2f} ms"
                                  for key in ("p50", "p99", "p99.9", "max")), flush=True)


def _probe(bench, seconds):
    """The floor's own sync: how long this disk takes at this time, one send at a time."""
    text = bench.floor(BINARY_FLOOR, 1, in_flight=64, messages=64 * 40 * seconds)
    print(f"the floor in the same run, SYNC, 64 in flight: {text['rate'] / 1e3:.0f} k/s, "
          f"{64e3 / text['rate']:.2f} ms a burst")


def paced_sync(bench, options, cold=False):
    load = dict(mode="e2e", rate=20000, size=1024, in_flight=20000, seconds=options.long_seconds,
                warmup=2)
    with bench.broker({"flushDiskType": "SYNC_FLUSH"}) as running:
        reader = None
        if cold:
            bench.run(running, mode="send", topic="TBW102", size=4096, in_flight=64,
                      messages=1_000_000, warmup=0)
            drop_caches(running)
            reader = bench.start(running, mode="pull", topic="TBW102", size=4096, batch=32,
                                 seconds=options.long_seconds + 60, warmup=0)
        report = bench.run(running, **load)
        if reader:
            reader.terminate()
            reader.communicate()
    what = "20,000 msg/s of 1 KiB, SYNC_FLUSH" + (", beside a reader of cold messages" if cold else "")
    _print_latency(what + ", send", report["sent"]["latency_us"])
    _print_latency(what + ", send to receive", report["received"]["latency_us"])
    _probe(bench, 5)


def paced_sync_cold(bench, options):
    paced_sync(bench, options, cold=True)


def drop_caches(running):
    """Drops the log's pages from the page cache, so that its first pulls are cold."""
    import os
    for path in sorted((running.store / "commitlog").iterdir()):
        if path.is_file():
            with open(path, "rb") as log:
                os.fsync(log.fileno())
                os.posix_fadvise(log.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def paced_async(bench, options):
    with bench.broker() as running:
        report = bench.run(running, mode="send", rate=2000, size=1024, in_flight=2000,
                           seconds=min(options.long_seconds, 30), warmup=2)
    _print_latency("2,000 msg/s of 1 KiB, ASYNC_FLUSH", report["sent"]["latency_us"])


def idle(bench, options):
    with bench.broker() as running:
        start = {}
        time.sleep(2)
        for name, process in (("mqbroker", running.broker), ("mqnamesrv", running.namesrv)):
            start[name] = _cpu_s(process.pid)
        time.sleep(options.idle_seconds)
        for name, process in (("mqbroker", running.broker), ("mqnamesrv", running.namesrv)):
            share = (_cpu_s(process.pid) - start[name]) / options.idle_seconds
            print(f"{name} idle: RSS {_rss_mib(process.pid):.1f} MiB (wanted "
                  f"{40 if name == 'mqbroker' else 15}), CPU {share * 100:.2f} % of a core (wanted 0.5)")


def _cpu_s(pid):
    with open(f"/proc/{pid}/schedstat") as own:
        own.read()
    total = 0
    import os
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as stat:
            total += int(stat.read().split()[0])
    return total / 1e9


def _rss_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


FIGURES = {"floor": floor, "batch": batch, "pull": pull, "paced-sync": paced_sync,
           "paced-sync-cold": paced_sync_cold, "paced-async": paced_async, "idle": idle}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_options(parser)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2, help="of each counted run")
    parser.add_argument("--long-seconds", type=int, default=120, help="of the paced runs")
    parser.add_argument("--idle-seconds", type=int, default=20)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", default=list(FIGURES),
                        help=f"of {', '.join(FIGURES)} (default: all)")
    options = parser.parse_args()
    for name in options.figures:
        if name not in FIGURES:
            parser.error(f"no figure is called {name}")
    bench = measure.Bench(options)
    for name in options.figures:
        FIGURES[name](bench, options)


if __name__ == "__main__":
    main()
