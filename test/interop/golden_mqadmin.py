"""Every command that Apache's mqadmin and ours both have, run by both on one cluster; what they print
must be the same text, and what they do the same deed. golden_cases.py is the table."""
import difflib

import golden_cases
import toolchains
from agent import Agent
from cluster import Cluster
from golden_state import State, write_lists
from golden_tools import Apache, Ours

ROUNDS = 3
SETTINGS = {"registerNameServerPeriod": "10000", "traceTopicEnable": "true"}


class Comparison:
    def __init__(self, cluster, state, apache, ours):
        self.cluster, self.state, self.apache, self.ours = cluster, state, apache, ours

    def run(self, case):
        """Raises AssertionError with both texts when they differ. Brokers count in the background: what
        only reads is asked again before it counts as different."""
        for _ in range(0 if case.writes else ROUNDS - 1):
            try:
                return self._run_once(case)
            except AssertionError:
                pass
        return self._run_once(case)

    def _run_once(self, case):
        theirs, theirs_words = self._run(self.apache, case, "A", case.words)
        ours, ours_words = self._run(self.ours, case, "B", case.ours or case.words)
        where = f"$ {' '.join(ours_words)}\n"
        if case.fails:
            self._compare_failures(case, theirs, ours, where)
            return
        if ours.code != case.code:
            raise AssertionError(f"{where}exit {ours.code}, not {case.code}: {ours.err}\n{ours.out}")
        if theirs.err and not case.theirs_complains:
            raise AssertionError(f"{where}Apache's failed: {theirs.err[:1500]}")
        wanted, got = case.expected(theirs.out), case.normal(ours.out)
        if wanted.rstrip("\n") != got.rstrip("\n"):
            raise AssertionError(where + "\n".join(difflib.unified_diff(
                wanted.splitlines(), got.splitlines(), self.apache.label, "ours", lineterm="", n=1)))
        if case.effect:
            done = [case.effect(self.cluster, self.state, tool) for tool in "AB"]
            if done[0] != done[1]:
                raise AssertionError(f"{where}did {done[1]}, Apache's {done[0]}")

    def _run(self, tool, case, letter, words):
        own = {"own": f"Golden{letter}", "own_group": f"golden-own-{letter}",
               "own_topic": f"GoldenSent{letter}", "folder": str(tool.folder)}
        values = {**self.state.values, **own}
        words = [word.format(**values) for word in words.split("\x00")]
        printed = tool(*words)
        for name, value in own.items():
            if f"{{{name}}}" in case.words:
                printed.out = printed.out.replace(value, f"<{name}>")
        return printed, words

    @staticmethod
    def _compare_failures(case, theirs, ours, where):
        """Both refuse: Apache's with a trace of the server's code, ours with an exit code as well."""
        if case.fails not in theirs.err + theirs.out:
            raise AssertionError(f"{where}Apache's said not {case.fails}: {theirs.out}{theirs.err[:1500]}")
        if ours.code != case.code or case.says not in ours.err:
            raise AssertionError(f"{where}exit {ours.code}, not {case.code}, with {case.says}: {ours.err}")


def check_complete(apache, ours):
    """Every command that both have is in the table, or has a reason why not."""
    both = apache.commands() & ours.commands()
    covered = {case.command.lower() for case in golden_cases.CASES} | set(golden_cases.NOT_COMPARED)
    if both - covered:
        raise AssertionError(f"commands without a case: {sorted(both - covered)}")
    print(f"{len(both)} commands of both, {len(golden_cases.CASES)} cases", flush=True)
    for name in sorted(both & set(golden_cases.NOT_COMPARED)):
        print(f"N/A  {name}: {golden_cases.NOT_COMPARED[name]}")
    for name in sorted(apache.commands() - both):
        said = ours(name)
        if said.code == 0 or "not built in" not in said.err:
            raise AssertionError(f"{name} is Apache's, and ours says {said.err or said.out}")
        print(f"N/A  {name}: {said.err.strip()}", flush=True)
    absent = covered - ours.commands() - set(golden_cases.NOT_COMPARED)
    if absent:
        raise AssertionError(f"cases of commands that ours does not have: {sorted(absent)}")


def run(version, programs, folder, report, only, bin_folder):
    """Against our servers everything; against Apache's what reads."""
    java_agent = toolchains.java_agent("5.5.0")
    toolchains.mqadmin_driver(version)
    on_apache = programs.label != "cometmq"
    with Cluster(programs, folder, SETTINGS) as cluster, \
            Agent("java-5.5.0", java_agent, cluster.namesrv_address, folder) as agent:
        state = State(cluster, agent)
        ours = Ours(bin_folder / "mqadmin", cluster)
        with Apache(version, cluster) as apache:
            for tool, letter in ((apache, "A"), (ours, "B")):
                write_lists(tool.folder, letter)
            comparison = Comparison(cluster, state, apache, ours)
            report.run("complete", lambda: check_complete(apache, ours))
            have = ours.commands()
            for case in golden_cases.CASES:
                chosen = not only or case.command in only
                if not chosen or case.command.lower() not in have or on_apache and case.writes:
                    continue
                for reason, _ in case.differences:
                    print(f"DIFF {case.name}: {reason}")
                report.run(case.name, lambda: comparison.run(case), cluster)
