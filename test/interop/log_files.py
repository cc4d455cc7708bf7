"""Commit logs and consume queues on disk, read without any broker, and compared byte by byte."""
import struct

from checks import equal

RECORD_MAGICS = (0xDAA320A7, 0xDAA320AB)
BLANK_MAGIC = 0xCBD43194
UNIT = 20  # position 8, size 4, tags code 8
PRE_BLANK_SIZE = 0x7FFFFFFF  # fills the front of a queue that does not begin at 0


class CommitLog:
    """A broker's commit log: where it begins, and where it ends by its own records."""

    def __init__(self, store):
        self.files = {int(path.name): path for path in sorted((store / "commitlog").iterdir())
                      if path.name.isdigit()}
        self.file_bytes = next(iter(self.files.values())).stat().st_size
        self.begin = min(self.files)
        self.records = 0
        self.end = self._end()

    def _end(self):
        for offset, path in self.files.items():
            data, at = path.read_bytes(), 0
            while at + 8 <= len(data):
                size, magic = struct.unpack_from(">iI", data, at)
                if magic == BLANK_MAGIC:
                    at = len(data)
                elif magic in RECORD_MAGICS and 0 < size <= len(data) - at:
                    at += size
                    self.records += 1
                else:
                    return offset + at
        return max(self.files) + self.file_bytes

    def read(self, begin, end):
        """The bytes of a range that lies in one file."""
        offset = begin - begin % self.file_bytes
        with open(self.files[offset], "rb") as file:
            file.seek(begin - offset)
            return file.read(end - begin)


def expect_equal_logs(one, other):
    """Every byte that both have is equal, blank tails included, and they end at the same place."""
    equal(one.file_bytes, other.file_bytes, "size of the commit log's files")
    begin, end = max(one.begin, other.begin), min(one.end, other.end)
    for at in range(begin, end, one.file_bytes):
        to = min(at + one.file_bytes, end)
        ours, theirs = one.read(at, to), other.read(at, to)
        if ours != theirs:
            where = next(i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b)
            raise AssertionError(f"logs differ at {at + where}: {ours[where:where + 32].hex()} and "
                                 f"{theirs[where:where + 32].hex()}")
    equal(one.end, other.end, "ends of the logs")


def consume_queues(store):
    """(topic, queue) -> {index: 20 bytes} of every queue that has an entry."""
    queues = {}
    for folder in (store / "consumequeue").glob("*/*"):
        units = {}
        for path in sorted(folder.iterdir()):
            data, first = path.read_bytes(), int(path.name) // UNIT
            for at in range(0, len(data) - UNIT + 1, UNIT):
                size, = struct.unpack_from(">i", data, at + 8)
                if size not in (0, PRE_BLANK_SIZE):
                    units[first + at // UNIT] = data[at:at + UNIT]
        if units:
            queues[folder.parent.name, folder.name] = units
    return queues


def expect_equal_queues(one, other, log_begin=0):
    """The queues of two stores are equal as far as they lead to the log from `log_begin` on."""
    def visible(queues):
        seen = {queue: {index: unit.hex() for index, unit in units.items()
                        if int.from_bytes(unit[:8], "big") >= log_begin} for queue, units in queues.items()}
        return {queue: units for queue, units in seen.items() if units}
    ours, theirs = visible(consume_queues(one)), visible(consume_queues(other))
    equal(sorted(ours), sorted(theirs), "queues with entries")
    for queue, units in ours.items():
        differing = [index for index in sorted(units.keys() | theirs[queue].keys())
                     if units.get(index) != theirs[queue].get(index)]
        if differing:
            index = differing[0]
            raise AssertionError(f"queue {queue} differs at {index} and {len(differing) - 1} more: "
                                 f"{units.get(index)} and {theirs[queue].get(index)}")
    return sum(map(len, ours.values()))
