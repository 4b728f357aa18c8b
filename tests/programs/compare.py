# SPDX-License-Identifier: Apache-2.0
"""compare.py OUTER INNER...: whether two tracers found the same in one and the same run.

OUTER is a recording of a `pale profile` that wrote INNER: all that INNER's tracer found has to be in
OUTER, and the other way round but for the calls of pale itself. What counts is the phase, the ABI, the
call, and the values of the arguments that a policy can use. Where one thread begins to serve, another
one's call at the same moment is of either phase: a call that both saw, in different phases, is told and
is no difference.
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from recording import load  # noqa: E402

# What the adaptive tracer has the program do when it puts its filter on.
INJECTED = {"seccomp", "prctl", "mmap", "munmap"}


def observations(paths, skip):
    found = {}
    for path in paths:
        for run in load(path):
            for executable in run["executables"]:
                if executable["path"] in skip:
                    continue
                for call in executable["calls"]:
                    base = (call.get("phase", "start"), call["abi"], call["call"] or call["number"])
                    ruled = [a["name"] for a in call["args"] if a.get("ruled")]
                    if call.get("saturated") or not ruled:
                        masks = tuple((a["name"], a["all"], a["some"]) for a in call["args"]
                                      if a.get("ruled"))
                        found.setdefault(base + (masks,), executable["path"])
                    for values in call["tuples"]:
                        found.setdefault(base + (tuple(zip(ruled, values)),), executable["path"])
    return found


def main():
    pale = sys.argv[1]
    outer = observations([sys.argv[2]], {pale})
    inner = observations(sys.argv[3:], set())
    missing = [key for key in sorted(outer.keys() - inner.keys(), key=str)
               if key[2] not in INJECTED]
    extra = sorted(inner.keys() - outer.keys(), key=str)
    for keys, other in ((missing, inner), (extra, outer)):
        for key in [key for key in keys if any(key[1:] == seen[1:] for seen in other)]:
            keys.remove(key)
            print(f"in another phase: {key[2]}")
    for what, keys, where in (("only outside", missing, outer), ("only inside", extra, inner)):
        for phase, abi, call, values in keys:
            print(f"{what}: {phase} {abi} {call}({', '.join(f'{n}={v}' for n, v in values)})"
                  f" by {where[(phase, abi, call, values)]}")
    print(f"{len(outer)} outside, {len(inner)} inside, {len(missing)} missing, {len(extra)} extra")
    sys.exit(1 if missing or extra or not inner else 0)


main()
