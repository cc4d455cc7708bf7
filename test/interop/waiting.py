"""Waiting for conditions with deadlines."""
import time

POLL_S = 0.05


class Late(AssertionError):
    """A condition did not come true in time."""


def until(condition, timeout_s, what):
    """Polls `condition` until it gives a true value, which is returned."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Late(f"{what()if callable(what) else what}: not within {timeout_s} s")
        time.sleep(POLL_S)


def until_settled(value, for_s, timeout_s, what):
    """Polls `value` until it has given the same for `for_s` seconds."""
    last, since = value(), time.monotonic()

    def settled():
        nonlocal last, since
        now = value()
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since >= for_s
    until(settled, timeout_s, what)
