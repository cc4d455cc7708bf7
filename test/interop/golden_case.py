"""One row of the golden comparison's table."""
import dataclasses
import typing


@dataclasses.dataclass
class Case:
    """A command line that both tools run.

    `same` is done to both texts; `differences` are pairs of a reason why ours prints something else
    on purpose, and what turns Apache's text into that. Words may name values of the state, {own}
    (a topic of the tool's own), {own_group} and {folder}."""
    words: str
    same: tuple = ()
    differences: tuple = ()
    ours: str = ""           # when our words differ; the reason stands in the table
    code: int = 0            # how ours must exit
    fails: str = ""          # both fail: what Apache's trace has
    says: str = ""           # and what our line has
    writes: bool = False
    theirs_complains: bool = False
    effect: typing.Callable = None  # (cluster, state, letter) -> what was done

    def __post_init__(self):
        self.name = self.words
        self.command = self.words.split()[0]
        self.words = _split(self.words)
        self.ours = self.ours and _split(self.ours)

    def normal(self, text):
        for change in self.same:
            text = change(text)
        return text

    def expected(self, theirs):
        for _, change in self.differences:
            theirs = change(theirs)
        return self.normal(theirs)


def _split(words):
    """Words, which may be 'quoted'; joined by NUL, as they are formatted before they are split."""
    import shlex
    return "\x00".join(shlex.split(words))
