#!/usr/bin/env python3
"""Apache's Java client and our SDK against our broker, one after the other, several rounds, in one run.

    test/bench/compare_clients.py [--version 5.5.0] [--rounds 3]

Un-batched asynchronous sends of 100 B, then the same messages through a push consumer, each with the
library's own defaults. CPU is that of the client's process; Java's warm-up, in which its JVM
compiles, does not count. Prints medians over the rounds, and how many times less ours takes.
"""
import argparse
import json
import re
import subprocess

import measure
from measure import cluster, median

toolchains = cluster.apache.toolchains
DIRECTIONS = ("send", "receive")
WANTED = 4  # times fewer CPU seconds a message


def run(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"{command} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip().splitlines()[-1]


def java(options, address, topic, direction):
    warm = options.warm if direction == "send" else options.warm // 2
    return json.loads(run([*options.java, address, topic, direction, warm, options.count,
                           options.in_flight, options.size]))


def ours(options, bench, address, topic, direction):
    programs = bench.bin.parent / "test" / "bench"
    if direction == "send":
        line = run([programs / "sdk_bench", "async", f"namesrv={address}", f"topic={topic}",
                    f"window={options.in_flight}", f"size={options.size}", "seconds=4"])
        found = re.search(r"(\d+) k msg/s, client CPU ([\d.]+) us", line)
        return {"rate": float(found[1]) * 1e3, "cpu_us": float(found[2])}
    line = run([programs / "push_bench", address, topic, options.count, f"bench_{topic}"])
    found = re.search(r"(\d+) msg/s, ([\d.]+) us", line)
    return {"rate": float(found[1]), "cpu_us": float(found[2])}


def measure_round(bench, options, round_number, rows):
    with bench.broker() as running:
        address = running.namesrv_address
        for label in rows:
            topic = f"bench_{label}_{round_number}"
            running.create_topic(topic, 8)
            for direction in DIRECTIONS:
                row = java(options, address, topic, direction) if label == "java" else \
                    ours(options, bench, address, topic, direction)
                rows[label][direction].append(row)
                print(f"  {label:5} {direction:8} {row['rate'] / 1e3:8.1f} k msg/s, client CPU "
                      f"{row['cpu_us']:6.2f} us/msg", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_options(parser)
    parser.add_argument("--version", default="5.5.0", help="of Apache's client")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm", type=int, default=200_000, help="messages before Java counts")
    parser.add_argument("--count", type=int, default=400_000)
    parser.add_argument("--in-flight", type=int, default=1024)
    parser.add_argument("--size", type=int, default=100)
    options = parser.parse_args()
    options.java = toolchains.java_client_bench(options.version)
    rows = {label: {direction: [] for direction in DIRECTIONS} for label in ("java", "comet")}
    with measure.halt_poll(options.halt_poll):
        bench = measure.Bench(options)
        for round_number in range(options.rounds):
            measure_round(bench, options, round_number, rows)
    for direction in DIRECTIONS:
        theirs, own = rows["java"][direction], rows["comet"][direction]
        times = median([{"cpu": j["cpu_us"] / o["cpu_us"]} for j, o in zip(theirs, own)], "cpu")
        print(f"{direction}: Java {median(theirs, 'rate') / 1e3:.0f} k msg/s, "
              f"{median(theirs, 'cpu_us'):.2f} us; ours {median(own, 'rate') / 1e3:.0f} k msg/s, "
              f"{median(own, 'cpu_us'):.2f} us: {times:.1f} times less CPU (wanted {WANTED})")


if __name__ == "__main__":
    try:
        main()
    except toolchains.Unavailable as reason:
        raise SystemExit(f"SKIP: {reason}") from None
