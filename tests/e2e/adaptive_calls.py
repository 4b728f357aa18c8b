# SPDX-License-Identifier: Apache-2.0
"""Prints what a recording has seen, a line for each phase, ABI, call and tuple of values."""

import json
import sys


def lines(recording):
    for run in recording["runs"]:
        for executable in run["executables"]:
            for call in executable["calls"]:
                head = "%s %s %s" % (call.get("phase", "start"), call["abi"], call["call"])
                if call.get("saturated"):
                    yield head + " saturated"
                for values, _ in (split(tuple_) for tuple_ in call["tuples"]):
                    yield "%s %s" % (head, " ".join(values))
                if not call["tuples"]:
                    yield head


def split(tuple_):
    """A tuple is its values and its count."""
    if isinstance(tuple_, dict):
        return [str(value) for value in tuple_["values"]], tuple_["count"]
    return [str(value) for value in tuple_[:-1]], tuple_[-1]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        recording = json.load(file)
    for line in sorted(set(lines(recording))):
        print(line)


main()
