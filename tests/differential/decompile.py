#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random policies, compiled, and written again from their filters; and compared in pairs.

    decompile.py [--seconds N] [--seed N] [--count N] [FILTER...]

What `pale disasm --as policy` writes must compile to a filter that answers as the first one does,
by an interpreter of its own, for calls around the values where either changes its mind; and each
example that `pale diff` gives must get the two answers that it says. With FILTERs, these are
written as policies instead.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import bpf
from abis import ABIS
from catalogue import Catalogue, Equivalents
from policies import Difference, Trial

COUNTED = ("policies", "written", "refused", "given up", "calls", "differences", "examples")
KILL_PROCESS, ERRNO = 0x80000000, 0x50000
CHANGED = (bpf.EQUAL, bpf.GREATER, bpf.GREATER_EQUAL, bpf.SET, bpf.AND, bpf.RETURN)


def normal(action):
    """The action as the kernel takes it."""
    kind, data = action & 0xffff0000, action & 0xffff
    if kind in (0x7fff0000, 0x7ffc0000, 0x7fc00000, 0, KILL_PROCESS):
        return kind
    if kind == ERRNO:
        return kind | min(data, 4095)
    return action if kind in (0x30000, 0x7ff00000) else KILL_PROCESS


class Pale:
    def __init__(self, folder):
        self.path = os.environ.get("PALE", "./pale")
        self.folder = folder

    def run(self, *arguments):
        done = subprocess.run([self.path, *arguments], capture_output=True, timeout=120)
        if b"Sanitizer" in done.stderr or done.returncode < 0:
            raise Difference("pale %s: %r" % (" ".join(arguments), done.stderr))
        return done

    def write(self, filter_path, arch):
        """The filter's policy as a path, or None where pale refuses."""
        done = self.run("disasm", "--as", "policy", *arch, filter_path)
        if done.returncode == 1 and b"no policy says" in done.stderr and not done.stdout:
            return None, done.stderr.decode()
        if done.returncode:
            raise Difference("disasm --as policy: %d, %r" % (done.returncode, done.stderr))
        path = os.path.join(self.folder, "written.pale")
        with open(path, "wb") as file:
            file.write(done.stdout)
        return path, done.stdout.decode()


def read_filter(path, big_endian):
    with open(path, "rb") as file:
        return bpf.decode(file.read(), big_endian)


def edges(program):
    values = {0, 1, 0xffffffff, 0x80000000}
    for one in program:
        values.update((one[1] + delta) & 0xffffffff for delta in (-1, 0, 1))
    return sorted(values)


def words_around(lottery, programs, arches):
    """Words of a call, most of them such as a program compares with."""
    pool = [edges(program) for program in programs]
    numbers = lottery.choice(pool)
    words = [lottery.choice(lottery.choice(pool)) if lottery.randrange(4) else 0 for _ in range(16)]
    words[0] = lottery.choice(numbers) if lottery.randrange(4) else lottery.randrange(480)
    words[1] = lottery.choice(arches)
    return words


class Pair(Trial):
    """Two policies for the same ABIs, the second a changed first or another one."""

    def raw(self):
        program = self.compile_living()
        if not program:
            return None
        path = os.path.join(self.folder, "policy.bpf")
        kept = os.path.join(self.folder, "first.bpf")
        os.replace(path, kept)
        return program, kept


def agree(statistics, lottery, first, second, abis):
    arches = [ABIS[abi].audit_arch for abi in abis] * 4 + [0, 0x40000003, 0xc000003e]
    for _ in range(300):
        words = words_around(lottery, (first, second), arches)
        statistics["calls"] += 1
        a, b = (normal(bpf.run(program, words)) for program in (first, second))
        if a != b:
            raise Difference("%x is %x in the first and %x in the second" % (words[0], a, b))


def check_examples(statistics, pale, first, second, paths, arch):
    done = pale.run("diff", "--json", *arch, *paths)
    if done.returncode not in (0, 1):
        raise Difference("diff: %d, %r" % (done.returncode, done.stderr))
    report = json.loads(done.stdout)
    if report["equal"] != (done.returncode == 0):
        raise Difference("diff: status %d" % done.returncode)
    for group in report["differences"]:
        example = group["example"]
        big = ABIS[example["abi"]].big_endian if example["abi"] else False
        words = [example["number"], example["arch"], 0, 0]
        for register in example["registers"]:
            high, low = divmod(int(register, 16), 1 << 32)
            words += [high, low] if big else [low, high]
        a, b = (normal(bpf.run(program, words)) for program in (first, second))
        statistics["examples"] += 1
        if a == b:
            raise Difference("an example of %r gets %x from both" % (group, a))
    statistics["differences"] += len(report["differences"])
    return report


def try_pair(pale, folder, catalogues, seed, statistics):
    trial = Pair(pale.path, folder, catalogues, seed, dict(statistics, **{abi: 0 for abi in ABIS}))
    made = trial.raw()
    if not made:
        statistics["given up"] += 1
        return trial
    program, path = made
    abis = trial.policy.abis
    arch = ["--arch", ",".join(abis)]
    big = ABIS[abis[0]].big_endian
    lottery = random.Random(seed)
    statistics["policies"] += 1
    written, text = pale.write(path, arch)
    if not written:
        statistics["refused"] += 1
        trial.refusal = text
    else:
        again = os.path.join(folder, "again.bpf")
        done = pale.run("compile", "--format", "raw", "-o", again, written)
        if done.returncode:
            raise Difference("what was written does not compile: %r\n%s" % (done.stderr, text))
        statistics["written"] += 1
        second = read_filter(again, big)
        agree(statistics, lottery, program, second, abis)
        if not check_examples(statistics, pale, program, second, (path, again), arch)["equal"]:
            raise Difference("diff finds a difference:\n%s" % text)
    # The same with a bit of one constant changed.
    with open(path, "rb") as file:
        changed = bytearray(file.read())
    at = 8 * lottery.choice([i for i in range(len(program)) if program[i][0] in CHANGED])
    changed[at + 4 + lottery.randrange(4)] ^= 1 << lottery.randrange(8)
    other = os.path.join(folder, "other.bpf")
    with open(other, "wb") as file:
        file.write(changed)
    changed = bpf.decode(bytes(changed), big)
    check_examples(statistics, pale, program, changed, (path, other), arch)
    return trial


def try_filters(pale, paths):
    bad = 0
    for path in paths:
        written, text = pale.write(path, [])
        if not written:
            print("%s: %s" % (path, text))
            bad = 1
            continue
        again = os.path.join(pale.folder, "again.bpf")
        done = pale.run("compile", "--format", "raw", "-o", again, written)
        if done.returncode:
            raise Difference("%s: what was written does not compile: %r" % (path, done.stderr))
        first, second = read_filter(path, False), read_filter(again, False)
        lottery = random.Random(path)
        for _ in range(2000):
            words = words_around(lottery, (first, second), (0xc000003e, 0x40000003, 0))
            if words[0] == 0xffffffff:
                continue
            a, b = (normal(bpf.run(program, words)) for program in (first, second))
            if a != b:
                raise Difference("%s: %r is %x, and %x as written" % (path, words, a, b))
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--count", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next one adds 1")
    parser.add_argument("--show-refused", action="store_true")
    parser.add_argument("filters", nargs="*", metavar="FILTER")
    options = parser.parse_args()
    statistics = dict.fromkeys(COUNTED, 0)
    end = time.monotonic() + options.seconds
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        pale = Pale(folder)
        if options.filters:
            return try_filters(pale, options.filters)
        top = os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
        equivalents = Equivalents(os.path.join(top, "policy-lang/catalog/data/equivalents.tsv"))
        catalogues = {name: Catalogue(pale.path, abi, equivalents) for name, abi in ABIS.items()}
        for seed in range(options.seed, options.seed + options.count):
            if time.monotonic() >= end or bad >= 5:
                break
            try:
                trial = try_pair(pale, folder, catalogues, seed, statistics)
                if options.show_refused and hasattr(trial, "refusal"):
                    print("seed %d: %s" % (seed, trial.refusal))
            except Difference as difference:
                bad += 1
                print("seed %d: %s" % (seed, difference))
    print(", ".join("%d %s" % (statistics[name], name) for name in COUNTED))
    if not statistics["written"] or statistics["refused"] * 4 > statistics["policies"]:
        print("too few policies were written")
        bad = 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
