# SPDX-License-Identifier: Apache-2.0
"""adaptive_calls.py [--count] RECORDING: prints what was seen, a line for each phase, ABI, call and
tuple of values; or how many calls were counted."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from recording import load  # noqa: E402


def recorded_calls(path):
    for run in load(path):
        for executable in run["executables"]:
            yield from executable["calls"]


def lines(call):
    head = "%s %s %s" % (call.get("phase", "start"), call["abi"], call["call"])
    if call.get("saturated"):
        head += " saturated"
    if not call["tuples"]:
        return [head + " "]
    return ["%s %s" % (head, " ".join(str(value) for value in values[:-1]))
            for values in call["tuples"]]


def main():
    calls = list(recorded_calls(sys.argv[-1]))
    if sys.argv[1] == "--count":
        print(sum(call["count"] for call in calls))
        return
    for line in sorted({line for call in calls for line in lines(call)}):
        print(line)


main()
