#!/usr/bin/env python3
"""Interoperability with Apache RocketMQ's clients, tools and files.

    run.py clients java-5.3.3            a client library: java-4.9.7 java-5.3.3 java-5.5.0 go node,
                                         java-5.3.3-binary, with RocketMQ's binary headers, or cpp,
                                         our own SDK
    run.py mixed java-5.5.0              groups with members of that library and of our SDK
    run.py mqadmin 5.5.0                 Apache's mqadmin: 4.9.7 or 5.5.0; or ours: cometmq
    run.py golden 5.5.0                  Apache's mqadmin and ours print and do the same
    run.py store 5.3.3                   Apache's broker opens a store that ours wrote: 4.9.7 or 5.3.3
    run.py replication 5.3.3             a slave copies its master, one of them Apache's of that version
    run.py moving 5.3.3                  a running cluster goes from Apache's broker to ours and back

By default against our programs; --broker apache-5.3.3 runs the very same checks against Apache's
servers, which proves the checks. Exit code 77 with a line "SKIP: reason" when a registry or tool
does not answer.
"""
import argparse
import concurrent.futures
import contextlib
import pathlib
import shutil
import sys
import time
import traceback

import toolchains
from cluster import Cluster, MixedServers, servers

SKIPPED = 77
AT_ONCE = 5


def agent_command(client, bin_folder):
    if client == "cpp":
        return [str(pathlib.Path(bin_folder).resolve() / "interop_agent")]
    if client.startswith("java-"):
        version, _, binary = client.removeprefix("java-").partition("-")
        return toolchains.java_agent(version, "ROCKETMQ" if binary else "JSON")
    return {"go": toolchains.go_agent, "node": toolchains.node_agent}[client]()


class Report:
    """Prints one line per check; remembers failures."""

    def __init__(self):
        self.failed = []

    def run(self, name, check, cluster=None):
        begin = time.monotonic()
        try:
            check()
            print(f"PASS {name} ({time.monotonic() - begin:.1f} s)", flush=True)
        except toolchains.Unavailable:
            raise
        except BaseException as error:
            self.failed.append(name)
            print(f"FAIL {name} ({time.monotonic() - begin:.1f} s): {error}", flush=True)
            if not isinstance(error, AssertionError):
                traceback.print_exc()
            if cluster and cluster.obituary():
                print(cluster.obituary(), flush=True)


# A name server that comes back is empty until the next registration: the shortest period.
SETTINGS = {"registerNameServerPeriod": "10000"}


def run_mixed(client, programs, folder, report, only, bin_folder):
    import mixed
    from agent import Agent
    commands = {name: agent_command(name, bin_folder) for name in (client, "cpp")}
    with Cluster(programs, folder, SETTINGS) as cluster, contextlib.ExitStack() as stack:
        agents = [stack.enter_context(Agent(name, command, cluster.namesrv_address, folder))
                  for name, command in commands.items()]
        print(f"{' and '.join(agent.library for agent in agents)} against {programs.label}", flush=True)

        def run(scenario):
            pair = mixed.Pair(cluster, agents, scenario)
            report.run(scenario.__name__, lambda: scenario(pair), cluster)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(run, [s for s in mixed.ALL if not only or s.__name__ in only]))


def run_clients(client, programs, folder, report, only, bin_folder):
    import scenarios
    from agent import Agent
    missing = scenarios.NOT_APPLICABLE.get(client.split("-")[0], {})
    command = agent_command(client, bin_folder)
    for name, reason in missing.items():
        print(f"N/A  {name}: {reason}")

    def chosen(group):
        return [s for s in group if s.__name__ not in missing and (not only or s.__name__ in only)]
    with Cluster(programs, folder, SETTINGS, namesrvs=2) as cluster, \
            Agent(client, command, cluster.namesrv_address, folder) as agent:
        print(f"{agent.library} against {programs.label}", flush=True)

        def another_agent(name):
            return Agent(f"{client}-{name}", command, cluster.namesrv_address, folder)

        def run(scenario):
            bench = scenarios.Bench(cluster, agent, another_agent, scenario)
            report.run(scenario.__name__, lambda: scenario(bench), cluster)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(run, chosen(scenarios.TOGETHER)))
        for scenario in chosen(scenarios.ALONE):
            run(scenario)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=["clients", "mixed", "mqadmin", "golden", "store", "replication",
                                         "moving"])
    parser.add_argument("which", help="see above")
    parser.add_argument("--broker", default="cometmq", help="cometmq (default) or apache-VERSION")
    parser.add_argument("--namesrv", help="the same for the name server alone")
    parser.add_argument("--bin", default=toolchains.ROOT / "build" / "release" / "bin",
                        help="where mqnamesrv and mqbroker are")
    parser.add_argument("--scenario", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--keep", help="keep logs and stores in this folder, which is emptied first\n"
                        "(default: build/interop/..., removed when all passes)")
    options = parser.parse_args()

    # One folder for each thing that may run at the same time.
    name = "-".join([options.kind, options.which, options.broker, *filter(None, [options.namesrv])])
    folder = pathlib.Path(options.keep or toolchains.ROOT / "build" / "interop" / name).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    report = Report()
    try:
        programs = servers(options.broker, options.bin)
        if options.namesrv:
            programs = MixedServers(servers(options.namesrv, options.bin), programs)
        if options.kind == "clients":
            run_clients(options.which, programs, folder, report, options.scenario, options.bin)
        elif options.kind == "mixed":
            run_mixed(options.which, programs, folder, report, options.scenario, options.bin)
        elif options.kind == "mqadmin":
            import mqadmin
            mqadmin.run(options.which, programs, folder, report, options.scenario,
                        pathlib.Path(options.bin).resolve())
        elif options.kind == "golden":
            import golden_mqadmin
            golden_mqadmin.run(options.which, programs, folder, report, options.scenario,
                               pathlib.Path(options.bin).resolve())
        elif options.kind in ("replication", "moving"):
            import moving
            import replication
            agents = {name: agent_command(name, options.bin) for name in (f"java-{options.which}", "cpp")}
            kind = {"replication": replication, "moving": moving}[options.kind]
            kind.run(options.which, programs, folder, report, options.scenario, agents,
                     pathlib.Path(options.bin).resolve())
        else:
            import stores
            stores.run(options.which, programs, folder, report)
    except toolchains.Unavailable as reason:
        if not report.failed:
            print(f"SKIP: {reason}")
            return SKIPPED
    except BaseException:
        report.failed.append("set-up")
        traceback.print_exc()
    finally:
        if report.failed:
            print(f"logs and store: {folder}")
        elif not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{'failed: ' + ', '.join(report.failed) if report.failed else 'all passed'}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
