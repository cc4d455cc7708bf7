"""Shells complete mqadmin's words with the scripts it prints: completion_test.py MQADMIN"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

COMPLETE = """source "$1"
complete -p mqadmin >/dev/null || exit 1
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_mqadmin
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(*command):
    done = subprocess.run([str(part) for part in command], text=True, timeout=30,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done.stdout


def script_for(mqadmin, shell, folder):
    path = folder / shell
    path.write_text(run(mqadmin, "completion", shell))
    run(shell, "-n", path)
    return path


def bash_completes(path, *words):
    return run("bash", "-c", COMPLETE, "bash", path, *words).split()


def check_bash(path):
    def equal(words, wanted):
        got = bash_completes(path, *words)
        assert got == wanted, f"{words} completed to {got}"
    equal(["mqadmin", "topicSt"], ["topicStatus"])
    equal(["mqadmin", "help", "topicCl"], ["topicClusterList"])
    equal(["mqadmin", "updateTopic", "--dry"], ["--dry-run"])
    equal(["mqadmin", "updateTopic", "-b", "h:1", "--re"], ["--readQueueNums", "--replace"])
    equal(["mqadmin", "topicList", "--output", "j"], ["json"])
    equal(["mqadmin", "completion", ""], ["bash", "zsh"])
    equal(["mqadmin", "topicList", "--dry"], [])


def check_zsh(path):
    """In a shell with its completion system loaded, the function can be called for mqadmin."""
    run("zsh", "-f", "-c", "autoload -U compinit && compinit -D -u && source $1 && "
        "[[ $_comps[mqadmin] == _mqadmin ]]", "zsh", path)


def main():
    mqadmin = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_bash(script_for(mqadmin, "bash", pathlib.Path(folder)))
        if shutil.which("zsh"):
            check_zsh(script_for(mqadmin, "zsh", pathlib.Path(folder)))
    unknown = subprocess.run([mqadmin, "completion", "tcsh"], stderr=subprocess.PIPE, text=True)
    assert unknown.returncode == 1 and "bash|zsh" in unknown.stderr, unknown


main()
