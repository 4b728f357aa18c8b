#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random policies, compiled by pale and read a second time here, by the book and with no haste.

    policies.py [--seconds N] [--seed N] [--count N] [--keep DIR]

For each policy, calls around the values where its rules change their mind, with garbage wherever
the kernel does not look, must get from the filter what the rules say, on every ABI and outside of
them. What pale refuses as unreachable must be so; expectations must be believed where they are
true and refuted, by a call that shows it, where they are not.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import bpf
from catalogue import ABIS, AUDIT_ARCH, HIDDEN, X32_BIT, Catalogue, read_equivalents
from policy import ACTIONS, action_text
from random_policy import Lottery

REFUSALS = {"unreachable", "contradiction", "argument-unknown"}
STRANGE_ARCHES = (0, 0x40000028, 0xC00000B7, 0xFFFFFFFF)


class Difference(Exception):
    pass


class Trial:
    """One policy."""

    def __init__(self, pale, folder, catalogues, seed, statistics):
        self.pale = pale
        self.folder = folder
        self.catalogues = catalogues
        self.random = random.Random(seed)
        self.statistics = statistics
        self.policy = Lottery(self.random, catalogues).policy()

    # -- the program under test --------------------------------------------------------------

    def compile(self, *options):
        """(the filter or None, the diagnostics)."""
        source = os.path.join(self.folder, "policy.pale")
        output = os.path.join(self.folder, "policy.bpf")
        if os.path.exists(output):
            os.unlink(output)
        with open(source, "w", encoding="ascii") as file:
            file.write(self.policy.text())
        command = [self.pale, "compile", "--json", "--format", "raw", "-o", output]
        command += ["--arch", ",".join(self.policy.abis), *options]
        for definition in self.policy.definitions:
            command += ["-D", definition]
        command.append(source)
        done = subprocess.run(command, capture_output=True, timeout=60)
        try:
            diagnostics = json.loads(done.stderr or done.stdout)["diagnostics"]
        except (ValueError, KeyError):
            raise Difference("pale said: %r" % (done.stderr or done.stdout)) from None
        errors = [item for item in diagnostics if item["severity"] == "error"]
        if (done.returncode == 0) != (not errors) or done.returncode not in (0, 1, 2):
            raise Difference("exit status %d with %d errors" % (done.returncode, len(errors)))
        if errors:
            return None, errors
        with open(output, "rb") as file:
            return bpf.decode(file.read()), []

    def compile_living(self):
        """Leaves out what is refused, which must be with right, until the rest compiles."""
        for _ in range(12):
            program, errors = self.compile()
            if program:
                return program
            by_line = {s.line: s for s in self.policy.written() if not s.dead}
            dead = []
            for error in errors:
                statement = by_line.get(error["place"]["line"])
                if error["code"] not in REFUSALS:
                    raise Difference("refused: %s" % error["text"])
                if not statement:
                    return None  # in a group
                self.check_refusal(error, statement)
                dead.append(statement)
            for statement in dead:
                statement.dead = True
        return None

    def check_refusal(self, error, statement):
        whole = "can never be reached" in error["text"] or error["text"].startswith(
            "this condition can never hold"
        )
        if not whole or len(statement.entries) != 1:
            return
        for abi, reading in self.readings():
            for number, rules in reading.rules.items():
                if not any(rule[2] is statement for rule in rules):
                    continue
                for words in self.calls(reading, number, 60):
                    if reading.answer(words)[1] is statement:
                        raise Difference(
                            "line %d is refused, and reached by %s on %s"
                            % (statement.line, show(words), abi)
                        )
        self.statistics["refused"] += 1

    # -- calls -------------------------------------------------------------------------------

    def readings(self):
        return [
            (abi, self.policy.reading(self.catalogues[abi], HIDDEN[abi]))
            for abi in self.policy.abis
        ]

    def word(self):
        return self.random.choice((0, 0, 1, 0xFFFFFFFF, 0x80000000, self.random.getrandbits(32)))

    def calls(self, reading, number, count):
        """Calls of NUMBER: arguments around their edges, garbage where nobody looks."""
        edges = [(a, sorted(values)) for a, values in reading.edges.get(number, {}).items()]
        for _ in range(count if edges else 3):
            words = [self.word() for _ in range(16)]
            words[0] = number
            words[1] = AUDIT_ARCH[reading.abi]
            for argument, values in edges:
                value = self.random.choice(values)
                if self.random.randrange(6) == 0:
                    value = (value ^ self.random.getrandbits(64)) & argument.ones
                argument.store(words, value, self.word())
            yield words

    def strangers(self, readings):
        """Numbers at the ends and in the gaps, and what comes in by other ABIs."""
        numbers = {0, 511, 512, 520, 547, 548, 0x3FFFFFFF, X32_BIT, X32_BIT + 511, X32_BIT + 512}
        numbers |= {X32_BIT + 520, X32_BIT + 548, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xC0000000}
        for _, reading in readings:
            for number in [reading.highest, *reading.rules]:
                numbers |= {number, number + 1, number ^ X32_BIT, max(number - 1, 0)}
        for number in sorted(numbers):
            for arch in {*AUDIT_ARCH.values(), self.random.choice(STRANGE_ARCHES)}:
                words = [self.word() for _ in range(16)]
                words[0:2] = number, arch
                yield words

    def answer(self, by_abi, words):
        """What the policy says of a call, whatever ABI it comes in by."""
        abi = None
        if words[1] == AUDIT_ARCH["x86"]:
            abi = "x86"
        elif words[1] == AUDIT_ARCH["x86_64"]:
            abi = "x32" if words[0] >= X32_BIT else "x86_64"
        if abi in by_abi:
            return by_abi[abi].answer(words)[0]
        return self.policy.foreign[1] if self.policy.foreign else ACTIONS["kill process"]

    def compare(self, program, by_abi, words):
        answer = bpf.run(program, words)
        wanted = self.answer(by_abi, words)
        self.statistics["calls"] += 1
        if answer != wanted:
            raise Difference(
                "%s: the filter says %s, the policy %s"
                % (show(words), action_text(answer), action_text(wanted))
            )

    def frequencies(self, readings):
        """A file of how often calls are made; most are not in it, and weigh nothing."""
        path = os.path.join(self.folder, "frequencies")
        names = {call.name for _, reading in readings for call in reading.calls.values()}
        first = self.catalogues[self.policy.abis[0]].calls
        with open(path, "w", encoding="ascii") as file:
            for name in sorted(names & first.keys()):
                count = self.random.choice((0, 1, 1000, 1 << 40))
                file.write("%d %s\n" % (count, name))
        return path

    # -- expectations ------------------------------------------------------------------------

    def expectation(self, reading, number, words, action):
        """Binds some of the arguments to those of a call. None where that cannot be written."""
        call = reading.calls[number]
        tested = reading.edges.get(number, {})
        if any(argument not in call.arguments for argument in tested):
            return None  # a raw register
        texts = []
        bound = []
        for argument in call.arguments:
            value = argument.value(words)
            if argument.kind == "ptr" and value != 0 or self.random.randrange(6) == 0:
                texts.append("_")
            else:
                texts.append(str(argument.as_number(value)))
                bound.append((argument, value))
        text = "when arch == %s { expect %s %s(%s); }" % (
            reading.abi, action_text(action), call.name, ", ".join(texts)
        )
        return text, bound, action

    def check_expectation(self, reading, number):
        words = next(self.calls(reading, number, 1))
        action = reading.answer(words)[0]
        if self.random.randrange(3) == 0:
            action = self.random.choice([rule[1] for rule in reading.rules[number]])
        made = self.expectation(reading, number, words, action)
        if not made:
            return
        text, bound, action = made
        broken_by = None
        for other in self.calls(reading, number, 40):
            for argument, value in bound:
                argument.store(other, value, self.word())
            if reading.answer(other)[0] != action:
                broken_by = other
        self.policy.tail = [text]
        program, errors = self.compile()
        self.policy.tail = []
        self.statistics["expectations"] += 1
        if program:
            if broken_by:
                raise Difference("%s is believed, and broken by %s" % (text, show(broken_by)))
            return
        for error in errors:
            if error["code"] != "expectation":
                raise Difference("%s: %s" % (text, error["text"]))
            self.check_witness(reading, reading.calls[number], text, action, bound, error["text"])

    def check_witness(self, reading, call, text, action, bound, message):
        found = re.search(r"\(([^)]*)\) gets (.*)$", message)
        if not found:
            raise Difference("%s: no call is shown: %s" % (text, message))
        words = [self.word() for _ in range(16)]
        words[0] = call.number
        values = [int(value, 0) for value in found[1].split(", ") if value]
        for argument, value in zip(call.arguments, values):
            argument.store(words, value & argument.ones, self.word())
        answer = reading.answer(words)[0]
        same = all(argument.value(words) == value for argument, value in bound)
        shown = found[2]
        if shown.startswith("deny "):
            name = shown[5:]
            shown = "deny %s" % self.catalogues[reading.abi].constants.get(name, name)
        if answer == action or action_text(answer) != shown or not same:
            raise Difference("%s: pale says '%s', and it gets %s"
                             % (text, message, action_text(answer)))

    # -- all of it ---------------------------------------------------------------------------

    def run(self):
        program = self.compile_living()
        if not program:
            self.statistics["given up"] += 1
            return
        readings = self.readings()
        by_abi = dict(readings)
        programs = [program]
        if self.random.randrange(4) == 0:
            programs.append(self.compile("--no-optimise")[0])
        if self.random.randrange(4) == 0:
            programs.append(self.compile("--frequencies", self.frequencies(readings))[0])
        for one in programs:
            for _, reading in readings:
                for number in reading.rules:
                    for words in self.calls(reading, number, 40):
                        self.compare(one, by_abi, words)
            for words in self.strangers(readings):
                self.compare(one, by_abi, words)
        for _, reading in readings:
            if reading.rules and self.random.randrange(3) == 0:
                self.check_expectation(reading, self.random.choice(sorted(reading.rules)))
        self.statistics["policies"] += 1
        self.statistics["rules"] += sum(len(r) for _, x in readings for r in x.rules.values())
        self.statistics["instructions"] += len(program)


def show(words):
    numbers = ["0x%x" % (words[i] | words[i + 1] << 32) for i in range(4, 16, 2)]
    return "arch 0x%x nr 0x%x (%s)" % (words[1], words[0], ", ".join(numbers))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--count", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next one adds 1")
    parser.add_argument("--keep", help="a folder for policies that are read differently")
    options = parser.parse_args()
    pale = os.environ.get("PALE", "./pale")
    top = os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
    equivalents = read_equivalents(os.path.join(top, "policy-lang/catalog/data/equivalents.tsv"))
    catalogues = {abi: Catalogue(pale, abi, equivalents) for abi in ABIS}
    statistics = dict.fromkeys(
        ("policies", "rules", "instructions", "calls", "expectations", "refused", "given up"), 0
    )
    end = time.monotonic() + options.seconds
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            if time.monotonic() >= end or bad >= 10:
                break
            trial = Trial(pale, folder, catalogues, seed, statistics)
            try:
                trial.run()
            except Difference as difference:
                bad += 1
                print("seed %d: %s" % (seed, difference))
                print(trial.policy.text())
                if options.keep:
                    path = os.path.join(options.keep, "%d.pale" % seed)
                    with open(path, "w", encoding="ascii") as file:
                        file.write(trial.policy.text())
    print(", ".join("%s: %d" % item for item in statistics.items()))
    return 1 if bad or not statistics["policies"] else 0


if __name__ == "__main__":
    sys.exit(main())
