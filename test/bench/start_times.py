#!/usr/bin/env python3
"""Start times and idle costs of mqbroker and mqnamesrv.

usage: start_times.py BIN_DIRECTORY SCRATCH_DIRECTORY [CASE...]

Cases: empty, killed (2 GiB of log, kill -9), topics (10,000 x 4 queues), idle. Each prints one line
per figure; "first send" is from the start of the process to the answer of the first send, and the
line before it says how much of that the process was computing.
"""
import atexit
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

BIN, SCRATCH = sys.argv[1], sys.argv[2]


class Process:
    def __init__(self, program, settings):
        self.begin = time.monotonic()
        words = [os.path.join(BIN, program), "--logDir=" + SCRATCH]
        with open(os.path.join(SCRATCH, program + ".err"), "a") as errors:
            self.child = subprocess.Popen(words + ["--set=" + s for s in settings],
                                          stdout=subprocess.PIPE, stderr=errors, text=True)
        atexit.register(self.child.kill)
        self.greeting = self.child.stdout.readline()
        self.started = time.monotonic() - self.begin
        self.port = int(self.greeting.split("]")[0].rsplit(":", 1)[1]) if "]" in self.greeting else 0

    def end(self, how):
        self.child.send_signal(how)
        self.child.wait()

    def rss_mib(self):
        with open(f"/proc/{self.child.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def cpu_seconds(self):
        with open(f"/proc/{self.child.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def broker(store):
    return Process("mqbroker", ["listenPort=0", "brokerIP1=127.0.0.1", "bindAddress=127.0.0.1",
                                "storePathRootDir=" + os.path.join(SCRATCH, store)])


def send(port, topic="TBW102"):
    """Returns when one message was accepted."""
    fields = {"producerGroup": "bench", "topic": topic, "defaultTopic": "TBW102",
              "defaultTopicQueueNums": "4", "queueId": "0", "sysFlag": "0", "bornTimestamp": "1",
              "flag": "0", "properties": "", "reconsumeTimes": "0", "unitMode": "false"}
    head = json.dumps({"code": 10, "language": "CPP", "version": 399, "opaque": 1, "flag": 0,
                       "extFields": fields, "serializeTypeCurrentRPC": "JSON"}).encode()
    body = b"hello"
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(struct.pack(">ii", 4 + len(head) + len(body), len(head)) + head + body)
        answer = b""
        while len(answer) < 8 or len(answer) < 4 + struct.unpack(">i", answer[:4])[0]:
            answer += peer.recv(65536)
    length = struct.unpack(">i", answer[4:8])[0] & 0xffffff
    code = json.loads(answer[8:8 + length])["code"]
    if code != 0:
        sys.exit(f"the send was refused: {answer[8:8 + length].decode()}")


def start_and_send(store, topic="FirstSend"):
    process = broker(store)
    send(process.port, topic)
    seconds = time.monotonic() - process.begin
    print(f"  (of that {process.cpu_seconds():.3f} s of CPU)")
    return process, seconds


def bench(port, *words):
    subprocess.run([os.path.join(BIN, "mqbench"), "-broker", f"127.0.0.1:{port}", *words],
                   check=True, stdout=subprocess.DEVNULL)


def report(what, figure, unit, limit):
    print(f"{what}: {figure:.3f} {unit} (at most {limit})", flush=True)


def empty():
    process, seconds = start_and_send("empty")
    report("empty store, first send", seconds, "s", 0.3)
    process.end(signal.SIGTERM)


def killed():
    process = broker("killed")
    bench(process.port, "-mode", "send", "-size", "4096", "-batch", "16", "-in_flight", "64",
          "-messages", str(2 * 1024 * 1024 // 4), "-topic", "Killed")
    process.end(signal.SIGKILL)
    process, seconds = start_and_send("killed")
    report("2 GiB of log, kill -9, first send", seconds, "s", 3)
    process.end(signal.SIGKILL)


def topics():
    process = broker("topics")
    bench(process.port, "-mode", "send", "-topics", "10000", "-queues", "4", "-in_flight", "256",
          "-messages", "80000", "-warmup", "0")
    report("10,000 topics, loaded", process.rss_mib(), "MiB", 400)
    for how in (signal.SIGTERM, signal.SIGKILL):
        process.end(how)
        process, seconds = start_and_send("topics")
        report(f"10,000 topics, {how.name}, first send", seconds, "s", 3)
        report("10,000 topics, restarted", process.rss_mib(), "MiB", 400)
    process.end(signal.SIGTERM)


def idle():
    server = Process("mqnamesrv", ["listenPort=0", "bindAddress=127.0.0.1"])
    process = broker("idle")
    time.sleep(3)
    report("mqnamesrv, idle", server.rss_mib(), "MiB", 15)
    report("mqbroker, idle", process.rss_mib(), "MiB", 40)
    before = process.cpu_seconds(), server.cpu_seconds()
    time.sleep(20)
    report("mqbroker, idle", (process.cpu_seconds() - before[0]) / 20 * 100, "% of a core", 0.5)
    report("mqnamesrv, idle", (server.cpu_seconds() - before[1]) / 20 * 100, "% of a core", 0.5)
    process.end(signal.SIGTERM)
    server.end(signal.SIGTERM)


for case in sys.argv[3:] or ["empty", "killed", "topics", "idle"]:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    os.makedirs(SCRATCH)
    globals()[case]()
shutil.rmtree(SCRATCH, ignore_errors=True)
