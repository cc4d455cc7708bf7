"""A slave that comes late, when its master has more than one log file."""
import concurrent.futures
import shutil

from checks import equal
from guide import Guide
from log_files import CommitLog
from replicas import export_metrics, log_end, make_slave, measured, Replicas, until_caught_up
from replication import expect_same_files, load
from waiting import until

REFUSED_S = 60
ASKED_S = 20  # the slave asks its master where the log ends
REFUSAL = "haAcceptPartialLog"  # the way out that its words name
LAG, LINK = "rocketmq_replica_lag_bytes", "rocketmq_replica_link_up"


def late_slave(version, java, programs, folder, bin_folder):
    """Apache's master gives an empty slave its newest file only. Ours does not take that for the log; with
    the older files copied while the master takes messages, it has everything."""
    with Replicas(java, folder) as cluster:
        master, slave = cluster.add(java, "master"), cluster.add(programs, "slave")
        master.start()
        load(version, cluster, "Early", True)
        equal(len(CommitLog(master.store).files) > 2, True, "the master has several files")
        make_slave(slave)
        if programs is not java:
            export_metrics(slave)
        slave.start()
        if programs is java:
            until_caught_up(master, slave)
            equal(CommitLog(slave.store).begin > 0, True, "Apache's slave has a part of the log")
        else:
            until(lambda: REFUSAL in slave.process.log.read_text(), REFUSED_S, "the slave says why it refuses")
            equal(log_end(slave), 0, "end of the log of the slave that refuses")
            until(lambda: (measured(slave, LAG), measured(slave, LINK)) == (log_end(master), 0), ASKED_S,
                  "the lag that the slave tells Prometheus while it refuses")
        slave.stop()
        # What came before is of no use: the copy begins where the master's log does.
        shutil.rmtree(slave.store)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            loading = pool.submit(load, version, cluster, "Late", True)
            Guide(cluster, master, slave, bin_folder)("Copy")
            slave.start()
            loading.result()
        until_caught_up(master, slave)
        if programs is not java:
            until(lambda: (measured(slave, LAG), measured(slave, LINK)) == (0, 1), ASKED_S,
                  "no lag of the slave that has everything")
        expect_same_files(master, slave)
