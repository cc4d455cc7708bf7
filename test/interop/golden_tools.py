"""Apache's mqadmin and ours, run with the same words; each gives what it printed."""
import json
import os
import subprocess

import toolchains
from processes import Process

OPTIONS = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.security.manager=allow"]
COMMAND_TIMEOUT_S = 60


class Printed:
    """What one run of a command left behind."""

    def __init__(self, out, err, code):
        self.out, self.err, self.code = out, err, code


class Apache:
    """Apache's mqadmin of one version: all commands in one JVM, which stays until kill()."""

    def __init__(self, version, cluster):
        self.label, self._cluster = f"apache-{version}", cluster
        self.folder = cluster.folder / "apache-mqadmin"
        (self.folder / "conf").mkdir(parents=True, exist_ok=True)
        (self.folder / "conf" / "logback_tools.xml").write_text("<configuration/>")
        self._process = Process("mqadmin", [
            "java", *OPTIONS, f"-Duser.home={self.folder}", f"-Drocketmq.home.dir={self.folder}",
            "-cp", toolchains.mqadmin_driver(version), "AdminDriver"], self.folder, pipes=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()

    def __call__(self, *words):
        line = json.dumps([words[0], "-n", self._cluster.namesrv_address, *words[1:]]) + "\n"
        self._process.child.stdin.write(line.encode())
        self._process.child.stdin.flush()
        answer = self._process.child.stdout.readline()
        self._process.check_alive()
        answer = json.loads(answer)
        return Printed(answer["out"], answer["err"], None)

    def commands(self):
        """Names of all commands, in lower case, from the list that it prints itself."""
        listed = subprocess.run(
            ["java", *OPTIONS, "-cp", toolchains.mqadmin_driver(self.label.removeprefix("apache-")),
             "org.apache.rocketmq.tools.command.MQAdminStartup"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S)
        return names_in(listed.stdout)


class Ours:
    """Our mqadmin."""

    def __init__(self, program, cluster):
        self.label, self._program, self._cluster = "cometmq", program, cluster
        self.folder = cluster.folder / "mqadmin"
        self.folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, *words):
        done = subprocess.run(
            [self._program, words[0], "-n", self._cluster.namesrv_address, *words[1:]],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=self.folder,
            timeout=COMMAND_TIMEOUT_S, env={**os.environ, "MQADMIN_ASSUME_YES": "1"})
        return Printed(done.stdout, done.stderr, done.returncode)

    def commands(self):
        return names_in(subprocess.run([self._program, "help"], capture_output=True, text=True,
                                       timeout=COMMAND_TIMEOUT_S).stdout)


def names_in(text):
    """The first word of every line of the list of commands."""
    return {line.split()[0].lower() for line in text.splitlines() if line.startswith("   ")}
