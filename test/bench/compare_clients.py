#!/usr/bin/env python3
"""Apache's Java client and our SDK against our broker, one after the other, several rounds, in one run.

    test/bench/compare_clients.py [--version 5.5.0] [--rounds 3]

Un-batched asynchronous sends of 100 B, 1,024 in flight, then the same messages through a push
consumer, each with the library's own defaults. CPU is that of the client's process, after a warm-up
in which the JVM compiles. Prints medians over the rounds, and how many times less ours takes.
"""
import argparse
import json
import subprocess

import measure
from measure import cluster, median

toolchains = cluster.apache.toolchains
DIRECTIONS = ("send", "receive")
WANTED = 4  # times fewer CPU seconds a message


def java_bench(version):
    """The command that runs ClientBench with that client."""
    return toolchains.java_program("ClientBench", version)


def run(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"{command} failed: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure_round(bench, options, round_number, rows):
    with bench.broker() as running:
        for label in rows:
            topic = f"bench_{label}_{round_number}"
            running.create_topic(topic, 8)
            for direction in DIRECTIONS:
                warm, count = options.warm, options.count
                if direction == "receive":  # what was sent, warm-up included, is what there is
                    warm, count = warm // 2, count
                if label == "java":
                    row = run([*options.java, running.namesrv_address, topic, direction, warm, count,
                               options.in_flight, options.size])
                else:
                    row = run([bench.bin.parent / "test/bench/sdk_bench", "--json",
                               {"send": "async", "receive": "push"}[direction],
                               f"--namesrv={running.namesrv_address}", f"--topic={topic}",
                               f"--warm={warm}", f"--count={count}",
                               f"--in_flight={options.in_flight}", f"--size={options.size}"])
                rows[label][direction].append(row)
                print(f"  {label:5} {direction:8} {row['rate'] / 1e3:8.1f} k msg/s, client CPU "
                      f"{row['cpu_us']:6.2f} us/msg", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    measure.add_options(parser)
    parser.add_argument("--version", default="5.5.0", help="of Apache's client")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm", type=int, default=200_000, help="messages before it counts")
    parser.add_argument("--count", type=int, default=400_000)
    parser.add_argument("--in-flight", type=int, default=1024)
    parser.add_argument("--size", type=int, default=100)
    options = parser.parse_args()
    options.java = java_bench(options.version)
    rows = {label: {direction: [] for direction in DIRECTIONS} for label in ("java", "comet")}
    with measure.halt_poll(options.halt_poll):
        bench = measure.Bench(options)
        for round_number in range(options.rounds):
            measure_round(bench, options, round_number, rows)
    for direction in DIRECTIONS:
        java, ours = rows["java"][direction], rows["comet"][direction]
        times = median([{"cpu": j["cpu_us"] / o["cpu_us"]} for j, o in zip(java, ours)], "cpu")
        print(f"{direction}: Java {median(java, 'rate') / 1e3:.0f} k msg/s, "
              f"{median(java, 'cpu_us'):.2f} us; ours {median(ours, 'rate') / 1e3:.0f} k msg/s, "
              f"{median(ours, 'cpu_us'):.2f} us: {times:.1f} times less CPU (wanted {WANTED})")


if __name__ == "__main__":
    try:
        main()
    except toolchains.Unavailable as reason:
        raise SystemExit(f"SKIP: {reason}") from None
