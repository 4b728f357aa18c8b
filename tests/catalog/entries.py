#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `pale list` says of each call's registers, beside entries.tsv: what the kernel declares.

A call that the table lacks must be newer than the table's release, or a machine's own; a call that
the table has must be there, with as many registers, each as wide.
"""

import json
import os
import re
import subprocess
import sys

REGISTERS = 6  # what a filter sees; o32's entries may read a seventh
ARM_PRIVATE = 0xF0000  # asm/unistd.h: __ARM_NR_BASE; arm's assembly serves these without a table


def read_table(path):
    """(release, {abi: {call: [ways]}}); in each way the registers, or several that may be meant."""
    known = {}
    with open(path, encoding="ascii") as lines:
        release = re.search(r"Linux (\d+)\.(\d+)", next(lines))
        for line in lines:
            if line[0] != "#":
                call, abis, text = line.rstrip("\n").split("\t")
                ways = [one.replace("-", "").split() for one in text.split(" or ")]
                for abi in abis.split("|"):
                    known.setdefault(abi, {}).setdefault(call, []).append(ways)
    return (int(release[1]), int(release[2])), known


def registers_of(arguments):
    found = []
    for argument in arguments:
        places = argument["registers"]
        if argument["kind"] == "ptr":
            words = {places[0]: "pointer"}
        elif argument["kind"] == "lohi":  # declared as two numbers, which the kernel puts together
            words = {places[0]: "32", places[1]: "32"}
        elif len(places) == 2:
            words = {places[0]: "low", places[1]: "high"}
        else:
            words = {places[0]: str(argument["bits"])}
        for place in sorted(words):
            found += ["hole"] * (place - len(found)) + [words[place]]
    return found


def same(ours, theirs):
    """The entry of one machine may declare a pair's registers one by one, the hole among them."""
    return len(ours) == len(theirs) and all(
        a == b or (a in ("hole", "low", "high") and b == "32") for a, b in zip(ours, theirs)
    )


class Comparison:
    def __init__(self, pale, path):
        self.pale = pale
        self.release, self.known = read_table(path)
        self.counts = dict.fromkeys(("alike", "defined in another way", "free", "not in it"), 0)
        self.bad = 0

    def listing(self, *arguments):
        command = [self.pale, "list", "--json", *arguments]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    def complain(self, text):
        print(text)
        self.bad += 1

    def compare_call(self, abi, call, rows):
        ours = registers_of(call["arguments"])
        for ways in rows:
            if ways == [["other"]]:
                self.counts["defined in another way"] += 1
            elif ways == [["free"]]:
                self.counts["free"] += 1
            elif any(same(ours, way[:REGISTERS]) for way in ways):
                self.counts["alike"] += 1
            else:
                there = " or ".join(" ".join(way) or "none" for way in ways)
                here = " ".join(ours) or "none"
                self.complain("%s %s: %s here, %s there" % (abi, call["name"], here, there))

    def compare_abi(self, abi):
        if abi not in self.known:
            self.complain(
                "%s is not in entries.tsv: give compare_entries.py its row in TABLES, and write the"
                " table with --table" % abi
            )
            return
        calls = {call["name"]: call for call in self.listing("calls", "--arch", abi)}
        for name in sorted(self.known[abi].keys() | calls.keys()):
            rows = self.known[abi].get(name)
            if name not in calls:
                self.complain("%s %s: nothing here" % (abi, name))
            elif rows:
                self.compare_call(abi, calls[name], rows)
            elif self.may_lack(abi, calls[name]):
                self.counts["not in it"] += 1
            else:
                self.complain("%s %s: nothing there" % (abi, name))

    def may_lack(self, abi, call):
        since = tuple(int(part) for part in call.get("since", "0.0").split("."))
        return since > self.release or (abi == "arm" and call["number"] > ARM_PRIVATE)

    def run(self):
        abis = [abi["name"] for abi in self.listing("abis")]
        for abi in abis:
            self.compare_abi(abi)
        counts = ", ".join("%d %s" % (count, what) for what, count in self.counts.items())
        print("%d ABIs beside Linux %d.%d's entries: %s, %d wrong"
              % (len(abis), *self.release, counts, self.bad))  # fmt: skip
        return bool(self.bad or not self.counts["alike"])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    pale = os.environ.get("PALE", "./pale")
    return Comparison(pale, os.path.join(here, "entries.tsv")).run()


if __name__ == "__main__":
    sys.exit(main())
