# SPDX-License-Identifier: Apache-2.0
"""Whether a recording has what a task made inside a group, to the last call, and nothing else."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from recording import load  # noqa: E402

OURS = {"ioctl", "fcntl", "getsid", "getpgid"}


def found(path):
    run = load(path)[0]
    if run["lost"]:
        sys.exit(f"FAIL: {run['lost']} calls were lost")
    counts = {}
    for executable in run["executables"]:
        if not executable["path"].endswith("/moves"):
            continue
        for call in executable["calls"]:
            if call["call"] not in OURS:
                continue
            if not any(arg.get("ruled") for arg in call["args"]):
                key = (call["call"], None)
                counts[key] = counts.get(key, 0) + call["count"]
            for *values, count in call["tuples"]:
                key = (call["call"], int(values[-1], 16))
                counts[key] = counts.get(key, 0) + count
    return counts


recorded = found(sys.argv[1])
wrong = []
inside = 0
for line in open(sys.argv[2]):
    call, value, where, made = line.split()
    key = (call, None if value == "-" else int(value, 16))
    least, most = {"inside": (int(made),) * 2, "border": (0, int(made)), "outside": (0, 0)}[where]
    count = recorded.pop(key, 0)
    if where == "inside":
        inside += int(made)
    if not least <= count <= most:
        wrong.append(f"{call} {value} {where}: made {made}, recorded {count}")
wrong += [f"never made: {key}" for key in recorded]
print("\n".join(wrong[:20]))
if wrong:
    sys.exit(f"FAIL: {len(wrong)} counts are wrong")
if not inside:
    sys.exit("FAIL: nothing was made inside")
