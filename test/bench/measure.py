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

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "test" / "interop"))

import cluster  # noqa: E402

TOPIC = "BenchmarkTest"  # a system topic: every broker has it


class Comet:
    """The servers of a build; `prefix` is put before each command, such as chrt -r 1."""

    def __init__(self, binaries, prefix):
        self.label, self.prefix = "cometmq", prefix
        self.bin = pathlib.Path(binaries).resolve()

    def start_namesrv(self, conf, folder):
        return cluster.Process("namesrv", [*self.prefix, self.bin / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder):
        return cluster.Process("broker", [*self.prefix, self.bin / "mqbroker", "-c", conf], folder)


class Bench:
    """Runs mqbench and the floor, and the brokers they are measured against."""

    def __init__(self, options):
        build = pathlib.Path(options.build).resolve()
        self.bin = build / "bin"
        self.floor_program = options.floor or build / "test" / "bench" / "floor"
        self.prefix = ["chrt", "-r", "1"] if options.realtime else []
        self.folder = options.dir

    @contextlib.contextmanager
    def broker(self, settings=None, programs=None):
        """A running cluster with production's settings, apart from those given."""
        wanted = {"mappedFileSizeCommitLog": str(1 << 30), **(settings or {})}
        with tempfile.TemporaryDirectory(prefix="comet-bench-", dir=self.folder) as scratch:
            servers = programs or Comet(self.bin, self.prefix)
            with cluster.Cluster(servers, scratch, wanted) as running:
                yield running

    def _command(self, running, arguments):
        flags = {"broker": running.broker_address, "pids": running.broker.pid, "topic": TOPIC,
                 "create": "false", "json": "true", **arguments}
        return [*self.prefix, str(self.bin / "mqbench"), *(f"-{k}={v}" for k, v in flags.items())]

    def start(self, running, **arguments):
        """mqbench in the background, for loads beside the measured one."""
        return subprocess.Popen(self._command(running, arguments), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run(self, running, **arguments):
        return report_of(self.start(running, **arguments))

    def floor(self, header, flush, in_flight=1024, messages=1_500_000):
        """The floor's messages per second and CPU per message."""
        with tempfile.TemporaryDirectory(prefix="comet-floor-", dir=self.folder) as scratch:
            command = [*self.prefix, str(self.floor_program), str(header), str(flush),
                       str(in_flight), str(messages)]
            text = subprocess.run(command, check=True, capture_output=True, text=True, cwd=scratch,
                                  env={**os.environ, "FLOOR_LOG": f"{scratch}/floor.log"}).stdout
        found = re.search(r"(\d+) k msg/s, server CPU ([\d.]+) us/msg", text)
        return {"rate": float(found[1]) * 1e3, "cpu_us": float(found[2])}


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
            "rss_mib": process["rss_max_bytes"] / 2**20, **flow.get("latency_us", {})}


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def add_options(parser):
    parser.add_argument("--build", default=ROOT / "build" / "release", help="build folder measured")
    parser.add_argument("--floor", help="the floor's program (default: test/bench/floor in the build)")
    parser.add_argument("--dir", help="where the temporary stores go; a real disk")
    parser.add_argument("--realtime", action="store_true",
                        help="give everything measured real-time priority (chrt -r 1, as root): for "
                             "machines on which others compile")
