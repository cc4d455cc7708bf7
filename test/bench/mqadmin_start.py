#!/usr/bin/env python3
"""How long mqadmin takes from its start to its end.

usage: mqadmin_start.py BIN_DIRECTORY SCRATCH_DIRECTORY [LIMIT_MS]

Starts a name server and a broker from BIN_DIRECTORY, runs each command 200 times, and prints the median and the
99th percentile. Ends with 1 when a median is above LIMIT_MS.
"""
import os
import subprocess
import sys
import time

ROUNDS = 200
BIN, SCRATCH = sys.argv[1], sys.argv[2]
LIMIT_MS = float(sys.argv[3]) if len(sys.argv) > 3 else None


def start(program, *settings):
    """The process, and the port that it says it listens on."""
    child = subprocess.Popen([os.path.join(BIN, program), "--logDir=" + SCRATCH,
                              *("--set=" + setting for setting in settings)],
                             stdout=subprocess.PIPE, text=True)
    return child, int(child.stdout.readline().split("]")[0].rsplit(":", 1)[1])


def run_ms(words):
    begin = time.monotonic()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took = (time.monotonic() - begin) * 1000
    assert done.returncode == 0, done
    return took


def main():
    os.makedirs(SCRATCH, exist_ok=True)
    namesrv, port = start("mqnamesrv", "listenPort=0", "bindAddress=127.0.0.1")
    broker, _ = start("mqbroker", "listenPort=0", "brokerIP1=127.0.0.1", "bindAddress=127.0.0.1",
                      f"namesrvAddr=127.0.0.1:{port}",
                      "storePathRootDir=" + os.path.join(SCRATCH, "store"))
    slow = False
    try:
        for words in (["--help"], ["help", "updateTopic"],
                      ["topicList", "-n", f"127.0.0.1:{port}"],
                      ["clusterList", "-n", f"127.0.0.1:{port}", "-o", "json"]):
            command = [os.path.join(BIN, "mqadmin"), *words]
            run_ms(command)  # its pages are read
            times = sorted(run_ms(command) for _ in range(ROUNDS))
            median, p99 = times[ROUNDS // 2], times[ROUNDS * 99 // 100]
            slow = slow or (LIMIT_MS is not None and median > LIMIT_MS)
            print(f"mqadmin {' '.join(words[:2]):24} median {median:6.2f} ms  p99 {p99:6.2f} ms")
    finally:
        for child in (broker, namesrv):
            child.terminate()
            child.wait()
    sys.exit(1 if slow else 0)


main()
