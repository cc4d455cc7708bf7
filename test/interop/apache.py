#!/usr/bin/env python3
"""Starts Apache RocketMQ's own name server and broker, from the artifacts in Maven Central.

The checks use it as the reference that proves the checks, benchmarks as the thing to compare with:

    test/interop/apache.py --version 5.3.3 [--dir DIR] [--heap 2g] [--set KEY=VALUE ...]

prints one JSON line {"namesrv": ADDRESS, "broker": ADDRESS, "namesrv_pid": N, "broker_pid": N}
when both answer, serves until its standard input ends or SIGTERM comes, and stops both.
"""
import argparse
import json
import pathlib
import signal
import sys
import tempfile

import toolchains
from processes import Process

# What JDK 17 must open for RocketMQ's unmapping of files.
OPENED = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"]

# Its broker joins some twenty threads one after the other, each for up to 90 s: 12 s when all is idle.
STOP_TIMEOUT_S = 150


def _java(artifact, version, main, heap, home, arguments):
    jars = toolchains.apache(artifact, version)
    return ["java", f"-Xmx{heap}", "-XX:+UseG1GC", *OPENED, f"-Drocketmq.home.dir={home}",
            f"-Duser.home={home}", "-cp", f"{jars}/*", main, *arguments]


def _home(folder, name):
    """A ROCKETMQ_HOME with the log configurations without which 4.x does not start."""
    conf = pathlib.Path(folder) / f"{name}.rocketmq" / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    for program in ("namesrv", "broker"):
        (conf / f"logback_{program}.xml").write_text("<configuration/>")
    return conf.parent


def start_namesrv(version, conf, folder, heap="256m", name="namesrv"):
    home = _home(folder, name)
    command = _java("namesrv", version, "org.apache.rocketmq.namesrv.NamesrvStartup", heap, home,
                    ["-c", str(conf)])
    return Process(name, command, folder, stop_timeout_s=STOP_TIMEOUT_S)


def start_broker(version, conf, folder, heap="1g", name="broker"):
    home = _home(folder, name)
    command = _java("broker", version, "org.apache.rocketmq.broker.BrokerStartup", heap, home,
                    ["-c", str(conf)])
    return Process(name, command, folder, stop_timeout_s=STOP_TIMEOUT_S)


def main():
    import cluster  # cluster uses this module to start Apache's servers
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--version", default="5.3.3")
    parser.add_argument("--dir", help="where store and logs go (default: a temporary folder)")
    parser.add_argument("--heap", default="2g", help="the broker's -Xmx")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                        help="a line of broker.conf")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = {"waitTimeMillsInSendQueue": "3000"}
    settings.update(line.split("=", 1) for line in options.set)
    with tempfile.TemporaryDirectory(prefix="apache-") as scratch:
        servers = cluster.ApacheServers(options.version, heap=options.heap)
        with cluster.Cluster(servers, options.dir or scratch, settings) as running:
            print(json.dumps({"namesrv": running.namesrv_address, "broker": running.broker_address,
                              "namesrv_pid": running.namesrv.pid, "broker_pid": running.broker.pid}),
                  flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    try:
        main()
    except toolchains.Unavailable as reason:
        sys.exit(f"SKIP: {reason}")
