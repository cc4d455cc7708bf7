"""What is done to two outputs before they are compared: what moves by itself is made equal, and the
order that Java's hash tables give is made one order. Spaces and columns stay as they are."""
import json
import re


def replaced(pattern, by):
    """Every match becomes `by`, filled with blanks to the match's width, so that columns stay checked."""
    def change(text):
        return re.sub(pattern, lambda m: by.ljust(len(m.group())), text, flags=re.MULTILINE)
    return change


def cut(pattern, by=""):
    """Every match becomes `by`; its width is free."""
    return lambda text: re.sub(pattern, by, text, flags=re.MULTILINE)


def numbers(*columns, header="#"):
    """Numbers of these columns of a table's rows become 0 at the same right edge."""
    def change(text):
        out = []
        for line in text.split("\n"):
            fields = list(re.finditer(r"\S+", line))
            if fields and not line.startswith(header):
                for column in columns:
                    if -len(fields) <= column < len(fields):
                        m = fields[column]
                        line = line[:m.start()] + "0".rjust(len(m.group())) + line[m.end():]
            out.append(line)
        return "\n".join(out)
    return change


def sorted_rows(text):
    """The lines behind the first, sorted; the empty ones stay in front of what follows them."""
    head, *rest = text.rstrip("\n").split("\n")
    return "\n".join([head, *sorted(rest)]) + "\n"


def sorted_lines(text):
    return "\n".join(sorted(text.rstrip("\n").split("\n"))) + "\n"


def sorted_table(text):
    """The rows up to the first empty line, sorted; all else stays."""
    head, _, tail = text.partition("\n\n")
    return sorted_rows(head).rstrip("\n") + "\n\n" + tail if tail else sorted_rows(text)


def sorted_blocks(start):
    """Blocks that begin with a line matching `start`, sorted."""
    def change(text):
        parts = re.split(f"^(?={start})", text, flags=re.MULTILINE)
        return parts[0] + "".join(sorted(parts[1:]))
    return change


def sorted_json(text):
    """One document, members by name and lists of objects in one order."""
    def ordered(value):
        if isinstance(value, dict):
            return {key: ordered(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return sorted(map(ordered, value), key=json.dumps)
        return value
    return json.dumps(ordered(json.loads(text)))


def sorted_properties(text):
    """{b=1, a=2} of messages, in the order of names."""
    def order(m):
        parts = re.split(r", (?=[\w]+=)", m.group(2))
        return m.group(1) + ", ".join(sorted(parts)) + "}"
    return re.sub(r"((?:^Properties: +|properties=)\{)([^}]*)\}", order, text, flags=re.MULTILINE)


def sorted_runs(line):
    """Lines matching `line` that follow each other, sorted."""
    def change(text):
        return re.sub(f"(?:^{line}.*\\n?)+", lambda m: "\n".join(sorted(m.group().splitlines())) + "\n",
                      text, flags=re.MULTILINE)
    return change


sorted_tracks = sorted_runs("MessageTrack ")


TIMES = replaced(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,\d{3})?", "TIME")
# What Java's client adds to messages that it has pulled; they are no properties of the message.
PULLED = cut(r"(?:, (?:MIN|MAX)_OFFSET=\d+(?=[,}])|(?<=\{)(?:MIN|MAX)_OFFSET=\d+(?:, )?)")
# Apache's are the words and the place of an exception, ours a sentence; both end the record.
EXCEPTIONS = cut(r"exceptionDesc=(?!null\])(?:(?!MessageTrack \[)[\s\S])*?\](?=\s*$|\s*MessageTrack|MessageTrack)",
                 "exceptionDesc=WHY]")
BODY_PATH = cut(r"(?<=/msgbodys/)[0-9A-F]+", "ID")
