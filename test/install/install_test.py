"""What `cmake --install` lays down works: install_test.py BUILD_FOLDER CXX_COMPILER

Installs into a temporary folder, starts a cluster with the installed scripts, lets a program that
was built against the installed SDK talk to it, and shuts the cluster down with mqshutdown."""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

from cluster import Cluster  # noqa: E402
from processes import Process  # noqa: E402

EXPECTED = [
    "bin/mqnamesrv", "bin/mqbroker", "bin/mqadmin", "bin/mqbench",
    "scripts/mqnamesrv", "scripts/mqbroker", "scripts/mqadmin", "scripts/mqshutdown",
    "conf/broker.conf", "conf/namesrv.conf", "conf/2m-2s-sync/broker-a.properties",
    "include/comet/client.h", "lib/libcomet.a", "lib/pkgconfig/comet.pc",
    "lib/cmake/comet/comet-config.cmake",
]
TOPIC = "installed"


class InstalledServers:
    """The servers as an operator starts them: through the scripts of the installation."""
    label = "an installed cometmq"

    def __init__(self, prefix):
        self.scripts = prefix / "scripts"

    def start_namesrv(self, conf, folder, name="namesrv"):
        return Process(name, ["sh", self.scripts / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder):
        return Process("broker", ["sh", self.scripts / "mqbroker", "-c", conf], folder)


def run(*command):
    """The output of a command, which must succeed."""
    done = subprocess.run([str(part) for part in command], text=True, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done.stdout


def build_consumer(prefix, folder, compiler):
    """The external program, by find_package."""
    run("cmake", "-G", "Ninja", "-S", HERE / "consumer", "-B", folder,
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}")
    run("cmake", "--build", folder)
    return folder / "consumer"


def check_cluster(prefix, folder, consumer):
    """Start, use and shutdown with nothing but what is installed."""
    with Cluster(InstalledServers(prefix), folder) as cluster:
        admin = ["sh", prefix / "scripts/mqadmin"]
        run(*admin, "updateTopic", "-n", cluster.namesrv_address, "-b", cluster.broker_address,
            "-t", TOPIC)
        cluster.create_topic(TOPIC)  # waits for the route
        assert "10 messages" in run(consumer, cluster.namesrv_address, TOPIC)
        assert "broker-a" in run(*admin, "clusterList", "-n", cluster.namesrv_address)
        for name, process in (("broker", cluster.broker), ("namesrv", cluster.namesrv)):
            run("sh", prefix / "scripts/mqshutdown", name)
            assert process.child.wait(40) == 0, f"{name} ended badly: {process.tail()}"


def main():
    build, compiler = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prefix = folder / "prefix"
        run("cmake", "--install", build, "--prefix", prefix)
        missing = [path for path in EXPECTED if not (prefix / path).is_file()]
        assert not missing, f"not installed: {missing}"
        consumer = build_consumer(prefix, folder / "consumer", compiler)
        check_cluster(prefix, folder / "cluster", consumer)


if __name__ == "__main__":
    main()
