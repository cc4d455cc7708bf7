#!/usr/bin/env python3
"""CometMQ's figures on this machine, each beside its measuring stick in the same run.

    test/bench/figures.py [--realtime] FIGURE...     test/bench/README.md lists the figures

Every figure starts brokers of its own from build/release and stops them.
"""
import argparse
import os
import tempfile
import time

import measure
from measure import flow_of, median

JSON_FLOOR, BINARY_FLOOR = 1, 0


def _against_floor(bench, options, header, flush):
    """Pairs of un-batched sends of 100 B, 1,024 in flight, with the floor."""
    rows = []
    floor_mode = BINARY_FLOOR if header == "binary" else JSON_FLOOR
    messages = 400_000 if flush == "SYNC_FLUSH" else 1_500_000
    for _ in range(options.rounds):
        with bench.broker({"flushDiskType": flush}) as running:
            bench.warm_log(running)
            ours = flow_of(bench.run(running, mode="send", header=header, in_flight=1024, size=100,
                                     seconds=options.seconds, warmup=0.2, lag="true"))
            floor = bench.floor(floor_mode, int(flush == "SYNC_FLUSH"), messages=messages)
            rows.append({"ratio": ours["rate"] / floor["rate"], "ours": ours["rate"],
                         "floor": floor["rate"], "cpu_us": ours["cpu_us"],
                         "floor_cpu_us": floor["cpu_us"], "lag_ms": ours["lag_ms"]})
            print(f"  {ours['rate'] / 1e3:7.0f} k/s, floor {floor['rate'] / 1e3:7.0f} k/s, "
                  f"ratio {rows[-1]['ratio']:.2f}; CPU {ours['cpu_us']:.2f} us/msg, "
                  f"floor {floor['cpu_us']:.2f}", flush=True)
    print(f"{header} header, {flush}: median ratio to the floor {median(rows, 'ratio'):.2f} "
          f"(wanted 0.50), broker CPU {median(rows, 'cpu_us'):.2f} us/msg, queues and index "
          f"{max(row['lag_ms'] for row in rows):.1f} ms behind at most (wanted 10)")


def floor(bench, options):
    for flush in ("ASYNC_FLUSH", "SYNC_FLUSH"):
        for header in ("binary", "json"):
            _against_floor(bench, options, header, flush)


def batch(bench, options):
    rows = []
    for _ in range(options.rounds):
        with bench.broker() as running:
            bench.warm_log(running)
            rows.append(flow_of(bench.run(running, mode="send", batch=50, in_flight=64, size=100,
                                          seconds=1, warmup=0.2)))
    print(f"batches of 50 x 100 B: {median(rows, 'rate') / 1e6:.2f} M msg/s (wanted 1.5), broker CPU "
          f"{median(rows, 'cpu_us'):.2f} us/msg (wanted 0.40)")


def pull(bench, options):
    """Each queue has one pull under way, as a consumer has."""
    for size, batch, messages in ((100, 50, 4_000_000), (100, 1, 2_000_000), (4096, 1, 200_000)):
        with bench.broker() as running:
            bench.run(running, mode="send", size=size, batch=batch, in_flight=64, queues=32,
                      messages=messages, warmup=0)
            for queues in (4, 32):
                rows = [flow_of(bench.run(running, mode="pull", size=size, batch=32, queues=queues,
                                          seconds=options.seconds, warmup=0.5))
                        for _ in range(options.rounds)]
                rate = median(rows, "rate")
                print(f"pulls of 32 x {size} B from the page cache, stored in batches of {batch}, "
                      f"{queues} under way: {rate / 1e6:.2f} M msg/s, {rate * size / 1e9:.2f} GB/s of "
                      f"bodies (wanted 1.5 M/s or 1.5 GB/s), broker CPU "
                      f"{median(rows, 'cpu_us'):.2f} us/msg", flush=True)


def _print_latency(what, latency):
    print(f"{what}: " + ", ".join(f"{key} {latency[key] / 1e3:.2f} ms"
                                  for key in ("p50", "p99", "p99.9", "max")), flush=True)


def _floor_latency(bench, flush, **load):
    """The same load on the floor: what disk, network and neighbours cost without a broker."""
    with bench.floor_server(BINARY_FLOOR, int(flush == "SYNC_FLUSH")) as floor:
        report = bench.run(floor, **{**load, "mode": "send", "seconds": min(load["seconds"], 30)})
    _print_latency(f"  the floor under the same sends, {flush}", report["sent"]["latency_us"])


def disk(bench, options):
    """Writes and syncs back to back, and nothing else: what an ideal broker would have of the disk.

    Its latency is that of messages that come evenly and are on disk at the end of the first sync that
    begins after them."""
    took, begun = _syncs(bench.folder, seconds=8)
    _print_latency("the disk alone, a write of 16 KiB and a sync", _quantiles(took))
    latencies = []
    for this, after, sync in zip(begun, begun[1:], took[1:]):
        step = max(1, round((after - this) / 50))  # a message every 50 us
        latencies += [after + sync - this - i * (after - this) / step for i in range(step)]
    _print_latency("  sends to an ideal broker on it", _quantiles(latencies))


def wakes(bench, options):
    """What an idle machine does to whoever sleeps: nothing that waits for anything can be better."""
    late, gaps = [], []
    end = time.monotonic() + 5
    while (now := time.monotonic()) < end:
        time.sleep(50e-6)
        late.append((time.monotonic() - now) * 1e6 - 50)
    end = time.monotonic() + 5
    before = time.monotonic()
    while before < end:
        now = time.monotonic()
        gaps.append((now - before) * 1e6)
        before = now
    _print_latency("a thread that sleeps for 50 us wakes late by", _quantiles(late))
    print(f"  a thread that never sleeps stood still for {max(gaps) / 1e3:.2f} ms at most, for more "
          f"than 1 ms during {sum(gap for gap in gaps if gap > 1000) / 5e6:.2%} of the time")


def _syncs(folder, seconds, file_bytes=256 << 20, write_bytes=16 << 10):
    """How long each took and when it began, in us; into a file whose blocks are written."""
    took, begun = [], []
    block = bytes(write_bytes)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(file_bytes >> 20):
            file.write(bytes(1 << 20))
        os.fsync(file.fileno())
        at, end = 0, time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            os.pwrite(file.fileno(), block, at)
            os.fdatasync(file.fileno())
            begun.append(now * 1e6)
            took.append((time.monotonic() - now) * 1e6)
            at = (at + write_bytes) % file_bytes
    return took, begun


def _quantiles(values):
    ordered = sorted(values)
    of = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}
    return {**{name: ordered[int(len(ordered) * share)] for name, share in of.items()},
            "max": ordered[-1]}


PACED_SYNC = "20,000 msg/s of 1 KiB, SYNC_FLUSH"


def _paced_sync_load(seconds):
    return dict(mode="e2e", rate=20000, size=1024, in_flight=20000, seconds=seconds, warmup=3)


def _print_send_and_receive(what, report):
    _print_latency(what + ", send", report["sent"]["latency_us"])
    _print_latency(what + ", send to receive", report["received"]["latency_us"])


def paced_sync(bench, options):
    load = _paced_sync_load(options.long_seconds)
    with bench.broker({"flushDiskType": "SYNC_FLUSH"}) as running:
        _print_send_and_receive(PACED_SYNC, bench.run(running, **load))
    _floor_latency(bench, "SYNC_FLUSH", **load)
    disk(bench, options)


COLD_SECONDS_MAX = 30
COLD_MESSAGES_A_SECOND = 150_000  # of 4 KiB: 18 GB for 30 s
COLD_FLOW = {"coldDataFlowControlEnable": "true", "cgColdReadThreshold": str(100 << 20)}
# Rate of the reader (0: as fast as it is served), settings of the broker.
COLD_READERS = ((5000, {}), (0, {}), (0, COLD_FLOW))


def paced_sync_cold(bench, options):
    seconds = min(options.long_seconds, COLD_SECONDS_MAX)
    load = _paced_sync_load(seconds)
    cold = dict(topic="BenchCold", size=4096, messages=COLD_MESSAGES_A_SECOND * seconds, warmup=0)
    with bench.broker({"flushDiskType": "SYNC_FLUSH"}) as running:
        bench.run(running, mode="send", create="true", in_flight=64, **cold)
        _restart_cold(bench, running)
        _print_send_and_receive(PACED_SYNC + ", nobody reads", bench.run(running, **load))
        for rate, settings in COLD_READERS:  # each begins where the first did: cold again
            running.settings.update(settings)
            _restart_cold(bench, running)
            print("".join(f"with {key}={value}\n" for key, value in settings.items()), end="")
            _beside_cold_reader(bench, running, load, dict(rate=rate, **cold))
    _floor_latency(bench, "SYNC_FLUSH", **load)
    disk(bench, options)


def _beside_cold_reader(bench, running, load, cold):
    """The reader is as a consumer, with one pull a queue."""
    reader = bench.start(running, mode="pull", batch=32, in_flight=4, seconds=3600, **cold)
    report = bench.run(running, **load)
    through = reader.poll() is not None
    reader.terminate()
    pulled = measure.report_of(reader)["received"]
    _print_send_and_receive(PACED_SYNC + f", beside {pulled['messages_per_s'] / 1e3:.1f} k msg/s of "
                            "4 KiB read from the disk", report)
    if through:
        print("  but the reader was THROUGH before the end")


def _restart_cold(bench, running):
    """Starts the broker with nothing of its log in memory, on a disk that has come to rest. What a process
    has mapped is never dropped, so it is stopped first."""
    running.stop_broker()
    for path in sorted((running.store / "commitlog").iterdir()):
        with open(path, "rb") as log:
            os.fsync(log.fileno())
            os.posix_fadvise(log.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    give_up = time.monotonic() + 60
    while True:
        took = _quantiles(_syncs(bench.folder, seconds=2)[0])
        if took["p99.9"] < 1000 or time.monotonic() > give_up:
            break
    _print_latency("the disk alone before the broker starts, a write of 16 KiB and a sync", took)
    running.start_broker()


def paced_async(bench, options):
    load = dict(mode="send", rate=2000, size=1024, in_flight=2000, warmup=2,
                seconds=min(options.long_seconds, 30))
    with bench.broker() as running:
        report = bench.run(running, **load)
    _print_latency("2,000 msg/s of 1 KiB, ASYNC_FLUSH", report["sent"]["latency_us"])
    _floor_latency(bench, "ASYNC_FLUSH", **load)


def idle(bench, options):
    with bench.broker() as running:
        time.sleep(2)  # until the start is over
        servers = (("mqbroker", running.broker.pid, 40), ("mqnamesrv", running.namesrv.pid, 15))
        before = {pid: _cpu_s(pid) for _, pid, _ in servers}
        time.sleep(options.idle_seconds)
        for name, pid, wanted_mib in servers:
            share = (_cpu_s(pid) - before[pid]) / options.idle_seconds
            print(f"{name} idle: RSS {_rss_mib(pid):.1f} MiB (wanted {wanted_mib}), "
                  f"CPU {share * 100:.2f} % of a core (wanted 0.50)")


def _cpu_s(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as stat:
            total += int(stat.read().split()[0])
    return total / 1e9


def _rss_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


FIGURES = {"floor": floor, "batch": batch, "pull": pull, "disk": disk, "wakes": wakes,
           "paced-sync": paced_sync, "paced-sync-cold": paced_sync_cold, "paced-async": paced_async,
           "idle": idle}


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
    with measure.halt_poll(options.halt_poll):
        for name in options.figures:
            FIGURES[name](bench, options)


if __name__ == "__main__":
    main()
