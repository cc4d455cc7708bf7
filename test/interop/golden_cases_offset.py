"""Offsets of groups."""
import golden_effects as effects
import golden_text as text
from golden_case import Case

STAMP = text.cut(r"(?<=timestamp\(long\)\[)\d+", "T")

CASES = [
    # First of all: behind a reset a broker ignores what others than clients commit.
    Case("cloneGroupOffset -s {push} -d {own_group} -t {orders}", writes=True, effect=effects.offsets),
    Case("resetOffsetByTime -g {own_group} -t {orders} -s 0", writes=True,
         same=(STAMP, text.sorted_lines), effect=effects.offsets),
    Case("resetOffsetByTime -g {own_group} -t {orders} -s now", writes=True,
         same=(STAMP, text.sorted_lines), effect=effects.offsets),
    Case("resetOffsetByTime -g {own_group} -t {orders} -s {time}", writes=True,
         same=(STAMP, text.sorted_lines), effect=effects.offsets),
    Case("resetOffsetByTime -g {push} -t {orders} -s now", writes=True, same=(STAMP, text.sorted_lines)),
    Case("resetOffsetByTime -g {own_group} -t {orders} -s {time} -b {broker} -q 1", writes=True,
         same=(STAMP,), effect=effects.offsets),
    Case("resetOffsetByTime -g {own_group} -t {orders} -s now -b {broker} -q 1 -o 2", writes=True,
         same=(STAMP,), effect=effects.offsets),
    Case("skipAccumulatedMessage -g {own_group} -t {orders}", writes=True, same=(text.sorted_rows,),
         effect=effects.offsets),
    Case("skipAccumulatedMessage -g {push} -t {orders}", writes=True, same=(text.sorted_rows,)),
]
