# SPDX-License-Identifier: Apache-2.0
# Makes recordings that no program makes by itself, of one that a program did:
#	report_recordings.py hostile IN OUT	every string in it is markup
#	report_recordings.py large IN OUT	1000 runs, 4000 executables, numbers without names
import copy
import json
import sys

MARKUP = [
    "<script>document.title='ran'</script>",
    "\"><img src=x onerror=\"document.title='ran'\">",
    "'&amp;&lt;&#60;b&#62;",
    "</code></bdi></title></style><!-- <svg onload=document.title='ran'>",
    "/\u05d0\u05d1/\\xe2\\x80\\xae/right to left",
    "A" * 60000,
    "https://example.com/a.css",
]


def markup(number):
    return MARKUP[number % len(MARKUP)]


def used_alone(recording):
    """Leaves out of the table of calls what no run makes any more."""
    lists = [calls for run in recording["runs"]
             for calls in [run["launcher"]] + [e["calls"] for e in run["executables"]]]
    used = sorted({made[0] for calls in lists for made in calls})
    recording["calls"] = [recording["calls"][index] for index in used]
    for calls in lists:
        calls[:] = [[used.index(made[0])] + made[1:] for made in calls]


def hostile(recording):
    run = recording["runs"][0]
    run["command"] = list(MARKUP)
    run["host"], run["kernel"], run["machine"] = MARKUP[0], MARKUP[1], MARKUP[3]
    template = run["executables"][0]
    run["executables"] = []
    for number, text in enumerate(MARKUP):
        executable = copy.deepcopy(template)
        executable["path"], executable["script"] = text, markup(number + 1)
        executable["inode"] = hex(number)
        run["executables"].append(executable)
    run["unseen"] = [{"kind": "own-filter", "path": text, "count": 1} for text in sorted(MARKUP)]
    run["executables"].sort(key=lambda executable: executable["path"].encode())
    used_alone(recording)
    return recording


def large(recording):
    template = dict(recording["runs"][0], launcher=[])
    read = {"abi": recording["calls"][0]["abi"], "call": "read", "number": 0, "args": [], "tuples": []}
    recording["calls"] = [read] + [dict(read, call=None, number=5000 + i) for i in range(4000)]
    runs = []
    for number in range(1000):
        run = dict(template, id=f"{number:032x}", executables=[], unseen=[])
        count = 4000 if number == 0 else 3
        for index in range(count):
            calls = [[0, 1]]
            if number == 0 and index == 0:
                calls = [[i, 1] for i in range(4001)]
            run["executables"].append({
                "path": f"/usr/lib/{'folder/' * 8}{index:05}", "script": None, "device": "8:1",
                "inode": hex(index), "started": 1, "calls": calls})
        runs.append(run)
    recording["runs"] = runs
    return recording


def main(kind, source, target):
    with open(source, encoding="utf-8") as file:
        recording = json.load(file)
    recording = {"hostile": hostile, "large": large}[kind](recording)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(recording, file, ensure_ascii=False)


main(*sys.argv[1:])
