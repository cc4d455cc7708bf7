#!/usr/bin/env python3
"""How many instructions the broker runs for an un-batched send of 100 B, thread by thread.

    test/bench/instructions.py [--header binary] [--functions 30]

Counted by valgrind's callgrind, so it is the same on a noisy day as on a calm one, and two builds
are told apart by a hundredth. The kernel's part is not in it, nor what waiting for memory takes.
Needs the package valgrind.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import measure

ROW = re.compile(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+(.*)")
TEXT = "std::basic_string_view<char, std::char_traits<char> >"


class CountedServers(measure.cluster.CometServers):
    """Our programs, the broker under callgrind; it counts when it is told to."""

    def __init__(self, bin_folder, output):
        super().__init__(bin_folder)
        self.output = output

    def start_broker(self, conf, folder, name="broker"):
        return measure.cluster.Process(name, [
            "valgrind", "--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes",
            f"--callgrind-out-file={self.output}", self.bin / "mqbroker", "-c", conf], folder)


def control(running, *words):
    subprocess.run(["callgrind_control", *words, str(running.broker.pid)], check=True, capture_output=True)


def rows_of(profile):
    """(instructions, function) of one thread, calls included, most first."""
    text = subprocess.run(["callgrind_annotate", "--inclusive=yes", profile], check=True,
                          capture_output=True, text=True).stdout
    for line in text.splitlines():
        if found := ROW.match(line):
            name = re.sub(r"^[^:]*:(?=[\w?~(])", "", found[2], count=1).split(" [/")[0]
            yield int(found[1].replace(",", "")), name.replace(TEXT, "string_view")


def count(bench, header, messages, functions):
    with tempfile.TemporaryDirectory(prefix="comet-count-") as scratch:
        output = pathlib.Path(scratch) / "profile"
        load = {"mode": "send", "header": header, "in_flight": 1024, "size": 100, "warmup": 0}
        with bench.broker({"flushDiskType": "ASYNC_FLUSH", "mappedFileSizeCommitLog": str(1 << 26)},
                          CountedServers(bench.bin, output)) as running:
            bench.run(running, messages=20_000, **load)  # memory and topics are there afterwards
            control(running, "--instr=on")
            sent = bench.run(running, messages=messages, **load)["sent"]["messages"]
            control(running, "--instr=off")
            control(running, "--dump")
        threads = [list(rows_of(profile)) for profile in output.parent.glob("profile.*")]
    threads = sorted((rows for rows in threads if rows), key=lambda rows: -rows[0][0])
    totals = [rows[0][0] / sent for rows in threads]
    print(f"{header} header: {sum(totals):.0f} instructions a send, by thread: "
          f"{', '.join(f'{total:.0f}' for total in totals if total >= 1)}", flush=True)
    for instructions, name in threads[0][1:functions + 1]:
        print(f"  {instructions / sent:7.0f}  {name[:110]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--header", action="append", choices=["binary", "json"], help="default: both")
    parser.add_argument("--messages", type=int, default=60_000)
    parser.add_argument("--functions", type=int, default=0,
                        help="so many of the busiest thread's functions, with what they call")
    measure.add_options(parser)
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not there: apt-get install valgrind")
    bench = measure.Bench(options)
    for header in options.header or ["binary", "json"]:
        count(bench, header, options.messages, options.functions)


if __name__ == "__main__":
    main()
