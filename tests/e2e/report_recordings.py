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
    return recording


def large(recording):
    template = recording["runs"][0]
    call = template["executables"][0]["calls"][0]
    call = {"abi": call["abi"], "call": "read", "number": 0, "count": 1, "args": [], "tuples": [],
            "errors": {}}
    unknown = dict(call, call=None)
    runs = []
    for number in range(1000):
        run = dict(template, id=f"{number:032x}", executables=[], unseen=[])
        count = 4000 if number == 0 else 3
        for index in range(count):
            calls = [call]
            if number == 0 and index == 0:
                calls = [call] + [dict(unknown, number=5000 + i) for i in range(4000)]
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
