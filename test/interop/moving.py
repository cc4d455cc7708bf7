"""A live cluster moves over and back, as the guide in README.md says."""
import functools

import toolchains
from attaching import late_slave
from cluster import ApacheServers, CometServers
import cut_over

JAVA_HEAP = "512m"


def run(version, programs, folder, report, only, commands, bin_folder):
    for artifact in ("broker", "namesrv"):
        toolchains.apache(artifact, version)
    java = ApacheServers(version, heap=JAVA_HEAP)
    if not isinstance(programs, CometServers):
        programs = java
    print(f"from apache-{version} to {programs.label} and back", flush=True)

    def late(place):
        late_slave(version, java, programs, place, bin_folder)
    scenarios = {"late_slave": late}
    for scenario in (cut_over.there_and_back, cut_over.master_is_killed):
        scenarios[scenario.__name__] = functools.partial(cut_over.run, scenario, java, programs,
                                                         commands=commands, bin_folder=bin_folder)
    for name, scenario in scenarios.items():
        if not only or name in only:
            report.run(name, functools.partial(scenario, folder / name))
