"""Every example of the SDK does what it says: examples_test.py BIN_FOLDER"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))

from cluster import Cluster, CometServers  # noqa: E402

SOURCES = HERE.parent.parent / "sdk" / "examples"


def main():
    bin_folder = pathlib.Path(sys.argv[1])
    names = sorted(source.stem for source in SOURCES.glob("*.cc"))
    assert names, f"no examples in {SOURCES}"
    failed = []
    with tempfile.TemporaryDirectory() as folder, \
            Cluster(CometServers(bin_folder), folder) as cluster:
        for name in names:
            topic = f"topic_{name}"
            cluster.create_topic(topic)
            done = subprocess.run([bin_folder / f"example_{name}", cluster.namesrv_address, topic],
                                  text=True, timeout=120, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            print(f"--- {name}: exit code {done.returncode}\n{done.stdout}", flush=True)
            if done.returncode:
                failed.append(name)
    assert not failed, f"failed: {failed}"


if __name__ == "__main__":
    main()
