"""What the checks borrow from the package registries, fetched once into the build folder.

Everything lands under CACHE (build/interop-cache), nothing is committed. A registry or tool that
does not answer raises Unavailable, which the caller shows as a skip with its reason.
"""
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = pathlib.Path(os.environ.get("COMET_INTEROP_CACHE", ROOT / "build" / "interop-cache"))
FETCH_TIMEOUT_S = 240
_PATIENT_UNTIL = time.monotonic() + 600  # so that a check is skipped before ctest ends it

JAVA_CLIENTS = ("4.9.7", "5.3.3", "5.5.0")
GO_CLIENT = "2.1.2"
NODE_CLIENT = "3.12.0"
GSON = "com.google.code.gson:gson:2.9.0"


class Unavailable(Exception):
    """A tool or registry is missing: the check cannot run here."""


def need(tool, package):
    if not shutil.which(tool):
        raise Unavailable(f"{tool} is not installed (scripts/deps --test installs {package})")


class _Locked:
    """One process fetches a thing, others wait for it."""

    def __init__(self, name):
        CACHE.mkdir(parents=True, exist_ok=True)
        self._file = open(CACHE / f".{name}.lock", "w")

    def __enter__(self):
        while not self._try():
            if time.monotonic() > _PATIENT_UNTIL:
                raise Unavailable("another check has been fetching for too long")
            time.sleep(0.1)

    def _try(self):
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def __exit__(self, *_):
        self._file.close()


def _once(folder, make):
    """The folder that make(scratch folder) fills: whole, or not there at all."""
    with _Locked(folder.name):
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as parent:
                scratch = pathlib.Path(parent) / folder.name
                scratch.mkdir()
                make(scratch)
                scratch.rename(folder)
    return folder


def _fetch(command, cwd, what):
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=FETCH_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{what}: no answer within {FETCH_TIMEOUT_S} s") from None
    if done.returncode:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)  # Maven colours even its errors
        lines = [line for line in plain.splitlines() if line.strip()]
        reason = next((line for line in lines if "err" in line.lower()), (lines or ["no word"])[-1])
        raise Unavailable(f"{what}: {reason.strip()[:300]}")


def maven_jars(*coordinates):
    """The jars of group:artifact:version coordinates with all they depend on."""
    need("java", "a JDK")
    need("mvn", "maven")
    name = "+".join(c.split(":", 1)[1].replace(":", "-") for c in coordinates)

    def make(folder):
        dependencies = "".join(
            "<dependency><groupId>{}</groupId><artifactId>{}</artifactId>"
            "<version>{}</version></dependency>".format(*c.split(":")) for c in coordinates)
        (folder / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>comet</groupId>"
            "<artifactId>interop</artifactId><version>1</version><packaging>pom</packaging>"
            f"<dependencies>{dependencies}</dependencies></project>")
        with _Locked("maven"):  # two of them would write the same local repository
            _fetch(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime",
                    f"-DoutputDirectory={folder}"], folder, f"Maven, {name}")
    return _once(CACHE / "maven" / name, make)


def apache(artifact, version):
    """The jars of one of RocketMQ's own artifacts: client, broker, namesrv or tools."""
    return maven_jars(f"org.apache.rocketmq:rocketmq-{artifact}:{version}")


def _compiled(source, name, jars):
    """The folder with the classes of one of java/, compiled against `jars`."""
    need("javac", "a JDK")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    return _once(CACHE / f"{name}-{digest}", lambda folder: subprocess.run(
        ["javac", "-nowarn", "-encoding", "UTF-8", "-cp", f"{jars}/*", "-d", str(folder), str(source)],
        check=True))


def mqadmin_driver(version):
    """The class path that runs AdminDriver with Apache's mqadmin of a version."""
    jars = maven_jars(f"org.apache.rocketmq:rocketmq-tools:{version}", GSON)
    classes = _compiled(HERE / "java" / "AdminDriver.java", f"mqadmin-driver-{version}", jars)
    return f"{classes}:{jars}/*"


def java_agent(version, headers="JSON"):
    """The command that runs the Java agent with one client version; headers: JSON or ROCKETMQ."""
    jars = maven_jars(f"org.apache.rocketmq:rocketmq-client:{version}", GSON)
    classes = _compiled(HERE / "java" / "Agent.java", f"java-agent-{version}", jars)
    return ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            f"-Drocketmq.serialize.type={headers}", "-Drocketmq.client.rebalance.waitInterval=1000",
            "-Drocketmq.client.unlockDelayTimeMills=1000",
            "-cp", f"{classes}:{jars}/*", "Agent"]


def java_client_bench(version):
    """The command that runs ClientBench with one client version, as an application would: server VM."""
    jars = maven_jars(f"org.apache.rocketmq:rocketmq-client:{version}", GSON)
    classes = _compiled(HERE / "java" / "ClientBench.java", f"java-client-bench-{version}", jars)
    return ["java", "-Xmx1g", "-cp", f"{classes}:{jars}/*", "ClientBench"]


def java_load(version):
    """The command that runs Load, the sender of everything, with one client version."""
    jars = maven_jars(f"org.apache.rocketmq:rocketmq-client:{version}", GSON)
    classes = _compiled(HERE / "java" / "Load.java", f"java-load-{version}", jars)
    return ["java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", f"{classes}:{jars}/*", "Load"]


def go_agent():
    """The command that runs the Go agent."""
    need("go", "golang-go")
    binary = CACHE / "go-agent"
    with _Locked(binary.name):
        source = HERE / "go"
        _fetch(["go", "mod", "download"], source, f"Go module proxy, rocketmq-client-go {GO_CLIENT}")
        subprocess.run(["go", "build", "-mod=readonly", "-o", str(binary), "."], cwd=source, check=True)
    return [str(binary)]


def node_agent():
    """The command that runs the Node agent."""
    need("node", "nodejs")
    need("npm", "npm")

    def make(folder):
        shutil.copy(HERE / "node" / "package.json", folder)
        _fetch(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], folder,
               f"npm registry, ali-ons {NODE_CLIENT}")
    folder = _once(CACHE / f"node-agent-{NODE_CLIENT}", make)
    shutil.copy(HERE / "node" / "agent.js", folder)
    return ["node", str(folder / "agent.js")]
