"""The commands of README.md, "Moving a live cluster over", run as they stand there; only the names are set."""
import os
import pathlib
import re
import subprocess
import textwrap

import toolchains
from members import BROKER_NAME

SECTION = "Moving a live cluster over"
COMMAND_TIMEOUT_S = 120


def blocks():
    """Step -> its commands: the first indented block behind the paragraph that begins with **Step**."""
    text = (toolchains.ROOT / "README.md").read_text()
    section = text.split(f"## {SECTION}\n", 1)[1].split("\n## ", 1)[0]
    found = {}
    for paragraph in re.split(r"\n(?=\*\*)", section)[1:]:
        step = paragraph[2:].split("**", 1)[0].rstrip(".")
        commands = re.search(r"\n((?: {4}.*\n)+)", paragraph)
        if commands:
            found[step] = textwrap.dedent(commands.group(1))
    return found


class Guide:
    """The guide for a slave that is to take its master's place."""

    def __init__(self, cluster, old, new, bin_folder):
        self._folder = pathlib.Path(cluster.folder)
        bin_link = self._folder / "bin"
        if not bin_link.exists():
            bin_link.symlink_to(pathlib.Path(bin_folder).resolve())
        self._names = (f"export NAMESRV_ADDR='{cluster.namesrv_address}'\n"
                       f"name={BROKER_NAME} old={old.address} new={new.address}\n"
                       f"conf={new.name}.conf store='{new.store}'\n"
                       f"copy() {{ cp -p \"{old.store}/commitlog/$1\" \"$store/commitlog/\"; }}\n")

    def __call__(self, step):
        """Runs the commands of a step; gives what they printed."""
        steps = blocks()
        commands = self._names + steps["Where a log ends"] + steps[step]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MQADMIN")}
        done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", commands],
                              cwd=self._folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=COMMAND_TIMEOUT_S)
        if done.returncode:
            raise AssertionError(f"step {step} of the guide: exit {done.returncode}: {done.stdout[-1500:]}")
        return done.stdout
