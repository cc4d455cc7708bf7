#!/usr/bin/env python3
"""Checks the architecture's rules on the source text; run by ctest and before a commit.

- an include may only cross an edge that scripts/layers.txt lists;
- a source includes its own header first;
- third-party headers stay behind the module that owns them;
- calls that belong behind a seam (clock, files, threads, sleep) are made only there;
- a name is one type: of two structs of one name the linker keeps the functions of one, silently.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("remoting", "store", "broker", "namesrv", "sdk", "console")
LAYERS = ("remoting/base", "remoting/wire", "remoting/net", "remoting/program", "store/meta", "store", "broker",
          "namesrv", "sdk", "console")

# header prefix -> folders or files (prefixes) that may include it
THIRD_PARTY = {
    "event2/": ("remoting/net/",),
    "rocksdb/": ("store/meta/",),
    "google/protobuf/": ("store/meta/",),
    "nlohmann/": ("remoting/base/", "remoting/wire/", "console/"),
    "simdjson": ("remoting/wire/",),
    "glog/": ("remoting/base/log",),
    "gflags/": ("remoting/program/",
                "console/bench/main.cc", "console/server/main.cc"),
}

# what the text must not contain -> (why, files that are the seam)
SEAMS = [
    (r"\b(system_clock|steady_clock)::now\b", "time comes from Clock", ("remoting/base/clock.cc", "sdk/examples/")),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", "nothing sleeps", ("sdk/examples/",)),
    (r"(?<![\w.>])::(open|pwrite|pwritev|fsync|fdatasync|mmap)\s*\(", "files go through FileSystem",
     ("remoting/base/posix_file", "remoting/base/unreadable_pages.cc")),
    (r"\bstd::j?thread\b(?!::)", "threads are made by a runner",
     ("remoting/base/step_runner.h", "remoting/base/worker.", "remoting/net/loop_group.", "sdk/src/")),
    (r"\bstd::random_device\b", "randomness is seeded in one place", ("remoting/base/random.",)),
    (r"\bstd::(mutex|shared_mutex)\b", "locks are annotated (base/mutex.h)", ("remoting/base/mutex.h", "sdk/examples/")),
    (r"\bstd::(cout|cerr)\b", "only programs print", ("console/", "remoting/program/", "sdk/examples/")),
]


def layer_of(path: str) -> str:
    for layer in LAYERS:
        if path.startswith(layer + "/"):
            return layer
    return ""


def read_edges() -> set:
    edges = set()
    for line in (ROOT / "scripts/layers.txt").read_text().splitlines():
        line = line.split("#")[0].split()
        if len(line) == 2:
            edges.add(tuple(line))
    return edges


def strip_comments(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def check_file(path: pathlib.Path, edges: set, complain) -> None:
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text()
    layer = layer_of(name)
    includes = re.findall(r'^#include ([<"])([^>"]+)[>"]', text, flags=re.M)
    for kind, target in includes:
        if kind == '"':
            used = layer_of(target)
            if used and used != layer and (layer, used) not in edges:
                complain(name, f'includes "{target}": {layer} may not use {used}')
        for prefix, owners in THIRD_PARTY.items():
            if kind == "<" and target.startswith(prefix) and not name.startswith(owners):
                complain(name, f"includes <{target}>, which stays in {', '.join(owners)}")
    own = path.with_suffix(".h")
    if path.suffix == ".cc" and own.exists() and includes:
        if not (ROOT / includes[0][1]).samefile(own) if (ROOT / includes[0][1]).exists() else True:
            if not includes[0][1].startswith("comet/"):
                complain(name, "does not include its own header first")
    code = strip_comments(text)
    for pattern, why, seam in SEAMS:
        if (seam and name.startswith(seam)):
            continue
        for match in re.finditer(pattern, code):
            complain(name, f"uses {match.group(0)}: {why}")


def types_of(path: pathlib.Path) -> set:
    """Full names of the types that a file defines at namespace level, without those it hides."""
    types, spaces = set(), []
    for line in path.read_text().splitlines():
        opens = re.match(r"(?:inline )?namespace ?([\w:]*) \{$", line)
        if opens:
            spaces.append(opens.group(1))
        elif line.startswith("}  // namespace"):
            spaces.pop()
        defines = re.match(r"(?:template <.*> )?(?:struct|class|enum class|union)\s+(?:\w+\([^)]*\)\s+)?(\w+)"
                           r"(?: final)?\s*(?:$|{|:(?!:))", line)
        if defines and "" not in spaces and not line.rstrip().endswith(";"):
            types.add("::".join(spaces + [defines.group(1)]))
    return types


def main() -> int:
    problems = []
    edges = read_edges()
    homes = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".cc") and "web/" not in path.as_posix():
                check_file(path, edges, lambda name, what: problems.append(f"{name}: {what}"))
                for type_name in types_of(path):
                    home = homes.setdefault(type_name, path)
                    if home != path:
                        problems.append(f"{path.relative_to(ROOT)}: {type_name} is also in {home.relative_to(ROOT)}")
    for problem in problems:
        print(problem)
    print(f"layers: {len(problems)} problem(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
