"""mqbench as a process, against a broker of ours. mqbench_test.py CHECK BIN_FOLDER"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

from cluster import Cluster, CometServers  # noqa: E402


def bench(folder, running, **flags):
    command = [folder / "mqbench", "-json", f"-broker={running.broker_address}", "-warmup=0",
               *(f"-{key}={value}" for key, value in flags.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def check_rate_of_pulls(folder, running):
    """Ahead of the rate are at most the answers of one pull a queue."""
    rate, messages, batch, queues = 2000, 1000, 32, 4
    bench(folder, running, mode="send", messages=400, queues=queues, lag="true")  # waits for the queues
    pulled = bench(folder, running, mode="pull", rate=rate, messages=messages, batch=batch,
                   queues=queues)["received"]
    assert pulled["messages"] >= messages, pulled
    at_least_s = (pulled["messages"] - 2 * batch * queues) / rate
    assert pulled["messages"] / pulled["messages_per_s"] >= at_least_s, pulled


def check_busy_is_asked_again(folder, scratch):
    """Messages that are not in memory, and a broker that allows one read of such each 5 s."""
    limits = {"coldDataFlowControlEnable": "true", "cgColdReadThreshold": "1"}
    with Cluster(CometServers(folder), scratch, limits) as running:
        bench(folder, running, mode="send", size=100_000, messages=1000, queues=1, create="true", lag="true")
        running.stop_broker()
        for path in (running.store / "commitlog").iterdir():
            with open(path, "rb") as log:
                os.fsync(log.fileno())
                os.posix_fadvise(log.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        running.start_broker()
        pulled = bench(folder, running, mode="pull", messages=4, batch=32, queues=1)["received"]
        assert pulled["messages"] >= 4, pulled
        on_disk = subprocess.run(["stat", "-f", "-c", "%T", scratch], capture_output=True, text=True,
                                 check=True).stdout.strip() != "tmpfs"
        assert pulled["busy"] > 0 or not on_disk, pulled


def check_rate(folder, scratch):
    with Cluster(CometServers(folder), scratch) as running:
        check_rate_of_pulls(folder, running)


CHECKS = {"rate": check_rate, "busy": check_busy_is_asked_again}


def main():
    with tempfile.TemporaryDirectory(prefix="comet-mqbench-") as scratch:
        CHECKS[sys.argv[1]](pathlib.Path(sys.argv[2]), scratch)


main()
