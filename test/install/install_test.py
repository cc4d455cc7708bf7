"""What `cmake --install` lays down works: install_test.py BUILD_FOLDER CXX_COMPILER...

Installs into a temporary folder, starts a cluster with the installed scripts, lets programs talk to
it that were built against the installed SDK (by each compiler, static and shared, with and without
exceptions, by CMake and by pkg-config), and shuts the cluster down with mqshutdown."""
import itertools
import os
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
    "include/comet/client.h", "lib/libcomet.a", "lib/libcomet.so", "lib/pkgconfig/comet.pc",
    "lib/cmake/comet/comet-config.cmake", "share/bash-completion/completions/mqadmin",
    "share/zsh/site-functions/_mqadmin",
]
TOPIC = "installed"


class InstalledServers:
    """The servers as an operator starts them: through the scripts of the installation."""
    label = "an installed cometmq"

    def __init__(self, prefix):
        self.scripts = prefix / "scripts"

    def start_namesrv(self, conf, folder, name="namesrv"):
        return Process(name, ["sh", self.scripts / "mqnamesrv", "-c", conf], folder)

    def start_broker(self, conf, folder, name="broker"):
        return Process(name, ["sh", self.scripts / "mqbroker", "-c", conf], folder)


def run(*command):
    """The output of a command, which must succeed."""
    done = subprocess.run([str(part) for part in command], text=True, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done.stdout


FLAGS = "-O1 -Wall -Wextra -Wpedantic -Werror"


def build_consumer(prefix, folder, compiler, static, exceptions):
    """The external program, by find_package."""
    run("cmake", "-G", "Ninja", "-S", HERE / "consumer", "-B", folder,
        f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}",
        f"-DCOMET_USE_STATIC_LIBS={'ON' if static else 'OFF'}",
        f"-DCMAKE_CXX_FLAGS={FLAGS}{'' if exceptions else ' -fno-exceptions -fno-rtti'}")
    run("cmake", "--build", folder)
    consumer = folder / "consumer"
    linked = run("ldd", consumer)
    assert ("libcomet.so" in linked) != static, f"static {static}, but ldd says:\n{linked}"
    return consumer


def build_by_pkg_config(prefix, folder, compiler):
    """The same program with what pkg-config says; the shared library is found through the rpath."""
    folder.mkdir()
    environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "comet"], env=environment, text=True,
                           check=True, stdout=subprocess.PIPE).stdout.split()
    run(compiler, *FLAGS.split(), HERE / "consumer/main.cc", "-o", folder / "consumer", *flags,
        f"-Wl,-rpath,{prefix}/lib")
    return folder / "consumer"


def build_consumers(prefix, folder, compilers):
    """name -> program, of every way to build it."""
    built = {}
    for compiler, static, exceptions in itertools.product(compilers, (True, False), (True, False)):
        name = "-".join([compiler.split("/")[-1], "static" if static else "shared",
                         "exceptions" if exceptions else "no-exceptions"])
        built[name] = build_consumer(prefix, folder / name, compiler, static, exceptions)
    built["pkg-config"] = build_by_pkg_config(prefix, folder / "pkg-config", compilers[0])
    return built


def check_cluster(prefix, folder, consumers):
    """Start, use and shutdown with nothing but what is installed."""
    with Cluster(InstalledServers(prefix), folder) as cluster:
        admin = ["sh", prefix / "scripts/mqadmin"]
        for name, consumer in consumers.items():
            topic = f"{TOPIC}-{name.replace('+', 'p').replace('.', '_')}"
            run(*admin, "updateTopic", "-n", cluster.namesrv_address, "-b", cluster.broker_address,
                "-t", topic)
            cluster.await_route(topic)
            told = run(consumer, cluster.namesrv_address, topic)
            assert "10 messages pulled" in told, f"{name} says {told}"
        assert "broker-a" in run(*admin, "clusterList", "-n", cluster.namesrv_address)
        for name, process in (("broker", cluster.broker), ("namesrv", cluster.namesrv)):
            run("sh", prefix / "scripts/mqshutdown", name)
            assert process.child.wait(40) == 0, f"{name} ended badly: {process.tail()}"


def main():
    build, *compilers = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prefix = folder / "prefix"
        run("cmake", "--install", build, "--prefix", prefix)
        missing = [path for path in EXPECTED if not (prefix / path).is_file()]
        assert not missing, f"not installed: {missing}"
        consumers = build_consumers(prefix, folder, compilers)
        check_cluster(prefix, folder / "cluster", consumers)


if __name__ == "__main__":
    main()
