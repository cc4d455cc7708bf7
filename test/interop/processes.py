"""Child processes with a log, and free ports for them."""
import fcntl
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile

from waiting import until

STOP_TIMEOUT_S = 40


class Died(AssertionError):
    """A server or agent ended by itself."""


class Process:
    """A child with its own HOME, its output in a log file. Stopped by stop(), killed by kill()."""

    def __init__(self, name, command, folder, env=None, pipes=False, stop_timeout_s=STOP_TIMEOUT_S):
        self.name, self._stop_timeout_s = name, stop_timeout_s
        self.log = pathlib.Path(folder) / f"{name}.log"
        home = pathlib.Path(folder) / f"{name}.home"
        home.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ROCKETMQ", "NAMESRV"))}
        environment.update({"HOME": str(home), **(env or {})})
        with open(self.log, "a") as log:
            self.child = subprocess.Popen(
                [str(part) for part in command], cwd=folder, env=environment, stderr=log,
                stdin=subprocess.PIPE if pipes else subprocess.DEVNULL,
                stdout=subprocess.PIPE if pipes else log)

    @property
    def pid(self):
        return self.child.pid

    def check_alive(self):
        if self.child.poll() is not None:
            raise Died(f"{self.name} ended with {self.child.returncode}: {self.tail()}")
        return True

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self):
        """SIGTERM, and the exit code it gives."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(self._stop_timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
                raise Died(f"{self.name} did not stop within {self._stop_timeout_s} s of SIGTERM") from None
        return self.child.returncode

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()


def _free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_reserved = []  # files, locked until this process ends


def _reserve(port):
    """Whether the port is this process's from now on, also while nobody listens there."""
    folder = pathlib.Path(tempfile.gettempdir()) / "comet-interop-ports"
    folder.mkdir(exist_ok=True)
    file = open(folder / str(port), "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    _reserved.append(file)
    return True


def free_ports(offsets=(0,)):
    """A port below the ephemeral range such that it plus each of `offsets` is free, and no other of
    these checks draws it: a server that is restarted finds it again."""
    def attempt():
        port = random.SystemRandom().randrange(12000, 30000, 8)
        return port if _reserve(port) and all(_free(port + offset) for offset in offsets) else None
    return until(attempt, 10, "free ports")


def listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
