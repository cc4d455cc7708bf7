"""What the measuring scripts share: brokers on free ports, mqbench runs, the floor, medians.

Servers run from a build folder in a temporary folder of their own and are stopped on the way out.
"""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import types

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "test" / "interop"))

import cluster  # noqa: E402

HALT_POLL = pathlib.Path("/sys/module/haltpoll/parameters")
TOPIC = "BenchmarkTest"  # a system topic: every broker has it


class Bench:
    """Runs mqbench and the floor, and the brokers they are measured against."""

    def __init__(self, options):
        build = pathlib.Path(options.build).resolve()
        self.bin = build / "bin"
        self.floor_program = options.floor or build / "test" / "bench" / "floor"
        if options.realtime:  # whatever is started from here inherits it
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        self.folder = options.dir

    @contextlib.contextmanager
    def broker(self, settings=None, programs=None):
        """A running cluster with production's settings, apart from those given."""
        wanted = {"mappedFileSizeCommitLog": str(1 << 30), **(settings or {})}
        with tempfile.TemporaryDirectory(prefix="comet-bench-", dir=self.folder) as scratch:
            servers = programs or cluster.CometServers(self.bin)
            with cluster.Cluster(servers, scratch, wanted) as running:
                yield running

    def warm_log(self, running, *stores):
        """Reads the log files made so far, written or not, so that their pages are in memory; those of `stores` too.

        A virtual machine that gives free pages back to its host pays up to 3 us a KB for the first
        touch of each (see README.md), which would be measured instead of the broker."""
        self.run(running, seconds=0.1, warmup=0)  # makes the first file
        for store in (running.store, *stores):
            for path in sorted((store / "commitlog").iterdir()):
                if path.is_file():
                    with open(path, "rb", buffering=0) as log:
                        while log.read(1 << 20):
                            pass

    @contextlib.contextmanager
    def floor_server(self, header, flush):
        """The floor as a server for mqbench; looks like a running cluster."""
        port = cluster.free_ports()
        with tempfile.TemporaryDirectory(prefix="comet-floor-", dir=self.folder) as scratch:
            process = cluster.Process("floor", [self.floor_program, header, flush, "serve", port,
                                                f"{scratch}/floor.log"], scratch)
            try:
                cluster.until(lambda: process.check_alive() and cluster.listening(port), 20,
                              "the floor's start")
                yield types.SimpleNamespace(broker_address=f"127.0.0.1:{port}", broker=process)
            finally:
                process.kill()

    def _command(self, running, arguments):
        flags = {"broker": running.broker_address, "pids": running.broker.pid, "topic": TOPIC,
                 "create": "false", "json": "true", **arguments}
        return [str(self.bin / "mqbench"), *(f"-{k}={v}" for k, v in flags.items())]

    def start(self, running, **arguments):
        """mqbench in the background, for loads beside the measured one."""
        return subprocess.Popen(self._command(running, arguments), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run(self, running, **arguments):
        return report_of(self.start(running, **arguments))

    def floor(self, header, flush, in_flight=1024, messages=1_500_000):
        """The floor's messages per second and CPU per message."""
        with tempfile.TemporaryDirectory(prefix="comet-floor-", dir=self.folder) as scratch:
            command = [str(self.floor_program), str(header), str(flush),
                       str(in_flight), str(messages), f"{scratch}/floor.log"]
            text = subprocess.run(command, check=True, capture_output=True, text=True,
                                  cwd=scratch).stdout
        found = re.search(r"(\d+) k msg/s, server CPU ([\d.]+) us/msg", text)
        return {"rate": float(found[1]) * 1e3, "cpu_us": float(found[2])}


@contextlib.contextmanager
def halt_poll(wanted, for_ns=5_000_000):
    """Whoever halts gives its processor to the host, and comes back when the host says so."""
    values = {HALT_POLL / name: None for name in ("guest_halt_poll_ns", "guest_halt_poll_grow_start")}
    if wanted:
        for file in values:
            values[file] = file.read_text()
            file.write_text(str(for_ns))
    try:
        yield
    finally:
        for file, before in values.items():
            if before is not None:
                file.write_text(before)


def report_of(process):
    """mqbench's JSON report once it has ended; its error otherwise."""
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(f"mqbench failed: {err.strip()}")
    report = json.loads(out)
    if report["refused"]:
        raise SystemExit(f"mqbench was refused: {report['refused']}")
    return report


def flow_of(report):
    """The measured direction and the broker's use of the machine, in few words."""
    flow = report["received"] if report["mode"] == "pull" else report["sent"]
    process = report["processes"][0]
    return {"rate": flow["messages_per_s"], "cpu_us": process["cpu_us_per_message"],
            "rss_mib": process["rss_max_bytes"] / 2**20, "lag_ms": report.get("lag_ms"), **flow.get("latency_us", {})}


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def add_options(parser):
    parser.add_argument("--build", default=ROOT / "build" / "release", help="build folder measured")
    parser.add_argument("--floor", help="the floor's program (default: test/bench/floor in the build)")
    parser.add_argument("--dir", help="where the temporary stores go; a real disk")
    parser.add_argument("--halt-poll", action="store_true",
                        help="KVM guests, as root: an idle processor looks for work for 5 ms before it "
                             "halts, during this run only (cpuidle-haltpoll)")
    parser.add_argument("--realtime", action="store_true",
                        help="run everything measured at real-time priority (needs root): for machines "
                             "on which others compile")
