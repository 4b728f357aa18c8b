# SPDX-License-Identifier: Apache-2.0
"""Recordings for tests in Python, whatever their version."""
import json


def load(path):
    """The runs of a recording, their calls whole: as version 1 had them, and phase with it."""
    with open(path, encoding="utf-8") as file:
        recording = json.load(file)
    if recording["version"] == 1:
        return recording["runs"]
    table = recording["calls"]

    def whole(index, counts, errors=None):
        seen = table[index]
        if isinstance(counts, int):
            each = [counts]
        else:
            each = counts
        tuples = [values + [count] for values, count in zip(seen["tuples"], each)]
        return {**seen, "count": sum(each), "tuples": tuples, "errors": errors or {}}

    for run in recording["runs"]:
        run["launcher"] = [whole(*made) for made in run["launcher"]]
        for executable in run["executables"]:
            executable["calls"] = [whole(*made) for made in executable["calls"]]
    return recording["runs"]
