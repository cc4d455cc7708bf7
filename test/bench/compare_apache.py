#!/usr/bin/env python3
"""Apache's brokers and ours under the same load, one after the other, several rounds, in one run.

    test/bench/compare_apache.py [--realtime] [--versions 5.3.3 5.5.0] [--rounds 5]

Un-batched sends with JSON headers, 1, 64 and 1,024 in flight, ASYNC_FLUSH. Apache's brokers are the
published artifacts with -Xmx2g and waitTimeMillsInSendQueue=3000; the registry must answer once.
Prints medians over the rounds, and how many times better ours is.
"""
import argparse
import contextlib

import measure
from measure import cluster, flow_of, median

IN_FLIGHT = (1, 64, 1024)
COLUMNS = ("rate", "cpu_us", "p50", "p99", "p99.9", "max", "rss_mib")
# How many times fewer CPU seconds a message; how many times the throughput.
WANTED_CPU = {1: 4, 64: 8, 1024: 8}
WANTED_RATE = {1024: 5}


def measure_all(bench, options):
    """rows[label][in_flight]: one flow a round."""
    brokers = {"cometmq": None}
    brokers.update({f"apache-{v}": cluster.ApacheServers(v, heap="2g") for v in options.versions})
    rows = {label: {n: [] for n in IN_FLIGHT} for label in brokers}
    with contextlib.ExitStack() as stack:
        running = {label: stack.enter_context(bench.broker(programs=programs))
                   for label, programs in brokers.items()}
        for label in brokers:  # a JVM compiles while it is warmed
            bench.run(running[label], header="json", in_flight=64, seconds=options.warm, warmup=0)
        for _ in range(options.rounds):
            for in_flight in IN_FLIGHT:
                for label in brokers:
                    row = flow_of(bench.run(running[label], header="json", in_flight=in_flight,
                                            size=options.size, seconds=options.seconds, warmup=1))
                    rows[label][in_flight].append(row)
                    print(f"  {label:13} {in_flight:5} in flight: {row['rate'] / 1e3:8.1f} k/s, "
                          f"CPU {row['cpu_us']:7.2f} us/msg, p99 {row['p99']:8.0f} us", flush=True)
    return rows


def print_table(rows):
    print(f"\n{'':13} {'in flight':>9} {'k msg/s':>9} {'CPU us':>8} {'p50 us':>8} {'p99 us':>8} "
          f"{'p99.9 us':>9} {'max us':>9} {'RSS MiB':>8}")
    for in_flight in IN_FLIGHT:
        for label, by_window in rows.items():
            m = {key: median(by_window[in_flight], key) for key in COLUMNS}
            print(f"{label:13} {in_flight:9} {m['rate'] / 1e3:9.1f} {m['cpu_us']:8.2f} "
                  f"{m['p50']:8.0f} {m['p99']:8.0f} {m['p99.9']:9.0f} {m['max']:9.0f} "
                  f"{m['rss_mib']:8.0f}")


def print_verdicts(rows):
    """Medians of the ratios round by round, so that what disturbed a round disturbed both."""
    ours = rows["cometmq"]
    for label, theirs in rows.items():
        if label == "cometmq":
            continue
        for in_flight in IN_FLIGHT:
            pairs = list(zip(theirs[in_flight], ours[in_flight]))
            times = {key: median([{key: t[key] / o[key]} for t, o in pairs], key)
                     for key in COLUMNS}
            rate = 1 / times["rate"]
            parts = [f"CPU {times['cpu_us']:.1f} times less (wanted {WANTED_CPU[in_flight]})",
                     f"throughput {rate:.1f} times" + (
                         f" (wanted {WANTED_RATE[in_flight]})" if in_flight in WANTED_RATE else "")]
            parts += [f"{key} {times[key]:.1f} times smaller"
                      for key in ("p50", "p99", "p99.9", "max", "rss_mib")]
            print(f"against {label}, {in_flight} in flight: " + ", ".join(parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_options(parser)
    parser.add_argument("--versions", nargs="*", default=["5.3.3", "5.5.0"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="counted in each run")
    parser.add_argument("--warm", type=float, default=15, help="seconds of load before it counts")
    parser.add_argument("--size", type=int, default=100)
    options = parser.parse_args()
    with measure.halt_poll(options.halt_poll):
        rows = measure_all(measure.Bench(options), options)
    print_table(rows)
    print()
    print_verdicts(rows)


if __name__ == "__main__":
    try:
        main()
    except cluster.apache.toolchains.Unavailable as reason:
        raise SystemExit(f"SKIP: {reason}") from None
