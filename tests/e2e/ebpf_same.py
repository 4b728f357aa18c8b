# SPDX-License-Identifier: Apache-2.0
"""Whether two recordings found the same calls with the same values of ruled arguments."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from recording import load  # noqa: E402

# How threads meet is another story each time, and whether one gets as far as to wait.
TIMED = {"futex", "pause", "sched_yield", "restart_syscall"}


def found(path):
    run = load(path)[0]
    if run["lost"]:
        sys.exit(f"FAIL: {path}: {run['lost']} calls were lost")
    result = {}
    for executable in run["executables"]:
        for call in executable["calls"]:
            if call["call"] in TIMED:
                continue
            key = (executable["path"], executable["script"], call["abi"], call["number"],
                   call.get("phase"))
            result[key] = (call["call"], sorted(str(values[:-1]) for values in call["tuples"]))
    return result


one, other = found(sys.argv[1]), found(sys.argv[2])
if not one:
    sys.exit("FAIL: nothing was recorded")
different = [key for key in set(one) | set(other) if one.get(key) != other.get(key)]
for key in sorted(different, key=str)[:20]:
    print(key, one.get(key), other.get(key))
if different:
    sys.exit(f"FAIL: {len(different)} calls differ")
