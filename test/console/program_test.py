"""mqadmin as a process: what the shell sees when its output goes nowhere. program_test.py MQADMIN"""
import os
import subprocess
import sys

FAILED = 6


def check_full_disk(mqadmin):
    with open("/dev/full", "w") as full:
        done = subprocess.run([mqadmin, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == FAILED, done
    assert done.stderr == "error: the output could not be written\n", done.stderr


def check_closed_pipe(mqadmin):
    """No signal kills it: it says so, and its exit code tells."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([mqadmin, "help"], stdout=write_end, stderr=subprocess.PIPE, text=True)
    os.close(write_end)
    assert done.returncode == FAILED, done
    assert "could not be written" in done.stderr, done.stderr


def main():
    check_full_disk(sys.argv[1])
    check_closed_pipe(sys.argv[1])


main()
