#!/usr/bin/env python3
"""A registry that is away, or breaks off in the middle, gives a skip with its reason, never a pass.

Runs run.py as ctest does, with an empty cache and with tool-chains whose registry is a port of this
machine: one that sends a part of what it promises, then one at which nobody listens. What the first
left behind must not satisfy the second.
"""
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from processes import free_ports

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
# What is asked for, and the words by which the reason names the registry.
CASES = {"java-5.5.0": "Maven", "go": "Go module proxy", "node": "npm registry"}


class BreaksOff(http.server.BaseHTTPRequestHandler):
    """Promises more than it sends."""
    asked = set()

    def do_GET(self):
        self.asked.add(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)
        self.close_connection = True

    def log_message(self, *_):
        pass


def environment(folder, registry):
    """Tool-chains that know nothing yet and only this registry."""
    settings = folder / "home" / ".m2" / "settings.xml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("<settings><mirrors><mirror><id>local</id><mirrorOf>*</mirrorOf>"
                        f"<url>{registry}</url></mirror></mirrors></settings>")
    kept = {key: value for key, value in os.environ.items()
            if not key.lower().startswith("npm_config") and "proxy" not in key.lower()}
    return {**kept, "COMET_INTEROP_CACHE": str(folder / "cache"), "HOME": str(folder / "home"),
            "MAVEN_OPTS": f"-Duser.home={folder}/home", "GOPROXY": registry, "GOFLAGS": "-modcacherw",
            "GOMODCACHE": str(folder / "go"), "npm_config_registry": registry,
            "npm_config_cache": str(folder / "npm"), "npm_config_fetch_retries": "0"}


def expect_skip(client, reason, environment_, folder):
    done = subprocess.run([sys.executable, HERE / "run.py", "clients", client, "--keep", folder / "run"],
                          env=environment_, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    last = done.stdout.strip().splitlines()[-1]
    print(f"{client}: {done.returncode} {last}", flush=True)
    assert done.returncode == SKIPPED, done.stdout
    assert last.startswith("SKIP: ") and reason in last, done.stdout
    assert "PASS" not in done.stdout, done.stdout


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), BreaksOff)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for client, reason in CASES.items():
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            folder = pathlib.Path(scratch)
            for port in (server.server_port, free_ports()):
                BreaksOff.asked.clear()
                expect_skip(client, reason, environment(folder, f"http://127.0.0.1:{port}"), folder)
                assert bool(BreaksOff.asked) == (port == server.server_port), "the registry was asked"
            no_tools = {**environment(folder, ""), "PATH": str(folder)}
            expect_skip(client, "is not installed", no_tools, folder)
    server.shutdown()


if __name__ == "__main__":
    main()
