#!/usr/bin/env python3
"""Adds up test results: "STAGE RESULT NAME [REASON]" lines and ctest's JUnit files.

usage: scripts/test_report.py RESULTS_FOLDER
Prints the ends of what failed tests said, the failures, the skips with their reasons, and last
"N passed, N failed, N skipped".
"""
import pathlib
import sys
import xml.etree.ElementTree


LINES_OF_A_FAILURE = 60
CHARACTERS_OF_A_LINE = 400
FAILURES_TO_TELL = 10


def reason_of_skip(output):
    """What a script says behind "SKIP: ", or a GTEST_SKIP in the line behind "file:line: Skipped"."""
    lines = output.splitlines()
    said = [line.removeprefix("SKIP: ") for line in lines if line.startswith("SKIP: ")]
    said += [why for line, why in zip(lines, lines[1:]) if line.endswith(": Skipped")]
    return said[-1] if said else None


def of_junit(path):
    """(result, name, reason, output) of each test in a file that ctest --output-junit wrote."""
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        if case.get("status") == "run":
            yield "passed", case.get("name"), "", ""
        elif case.get("status") in ("notrun", "disabled"):
            skipped = case.find("skipped")
            why = skipped.get("message") if skipped is not None else case.get("status")
            yield "skipped", case.get("name"), reason_of_skip(output) or why, ""
        else:
            yield "failed", case.get("name"), "", output


def tell_failures(results):
    failed = [(stage, name, output) for stage, result, name, _, output in results
              if result == "failed" and output]
    for stage, name, output in failed[:FAILURES_TO_TELL]:
        print(f"--- [{stage}] {name}, the end of what it said:")
        for line in output.splitlines()[-LINES_OF_A_FAILURE:]:
            print("    " + line[:CHARACTERS_OF_A_LINE])
    if failed:
        print("---")


def main():
    folder = pathlib.Path(sys.argv[1])
    results = []
    for path in sorted(folder.glob("*.xml")):
        results += [(path.stem, *result) for result in of_junit(path)]
    for path in sorted(folder.glob("*.results")):
        for line in path.read_text().splitlines():
            result, name, reason = (line.split(maxsplit=2) + ["", ""])[:3]
            results.append((path.stem, result, name, reason, ""))
    tell_failures(results)
    for stage, result, name, reason, _ in results:
        if result != "passed":
            print(f"{result} [{stage}] {name}{': ' if reason else ''}{reason}")
    count = {kind: sum(result == kind for _, result, *_ in results)
             for kind in ("passed", "failed", "skipped")}
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 0 if count["passed"] and not count["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
