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
from abis import ABIS, ARM_PRIVATE, FAMILIES, TURNS, X32_BIT, missing
from catalogue import Catalogue, Equivalents
from policy import Action, Statement, action_text
from random_policy import Lottery

REFUSALS = {"unreachable", "contradiction", "unknown-argument"}
STRANGE_ARCHES = (0, 0x28, 0xB7, 0x40000015, 0x80000015, 0x16, 0xFFFFFFFF)
COUNTED = ("policies", "rules", "instructions", "calls", "simulated", "expectations", "refused")
COUNTED += ("given up",)


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
        self.family = TURNS[seed % len(TURNS)]
        self.policy = Lottery(self.random, catalogues).policy(self.family)

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
        self.check_never_seen(diagnostics)
        with open(output, "rb") as file:
            return bpf.decode(file.read(), ABIS[self.policy.abis[0]].big_endian), []

    def check_never_seen(self, diagnostics):
        """o32's `syscall` is seen as the call that it makes: a rule on it gets a warning."""
        warned = {d["place"]["line"] for d in diagnostics if d["code"] == "never-seen"}
        lines = [""] + self.policy.text().split("\n")
        o32 = {"mips", "mipsel"} & set(self.policy.abis)
        for line in warned:
            if not o32 or "syscall" not in lines[line]:
                raise Difference("line %d is warned of, and can be seen" % line)
        for statement in self.policy.statements if o32 else []:
            if isinstance(statement, Statement) and not statement.dead:
                named = any(entry.name == "syscall" for entry in statement.entries)
                if named and statement.line not in warned:
                    raise Difference("line %d is never seen, without a warning" % statement.line)

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
        if error["code"] == "unknown-argument":
            self.check_unknown(statement)
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
                            % (statement.line, self.show(words), abi)
                        )
        self.statistics["refused"] += 1

    def check_unknown(self, statement):
        """On some ABI an `any` stands for calls, and for none whose arguments can be asked for."""
        for entry in statement.entries:
            for abi in self.policy.abis if entry.any else []:
                catalogue = self.catalogues[abi]
                one = Statement(None, [entry], statement.where)
                members = [call.name for call, _, _ in one.members(catalogue)]
                if catalogue.equivalents(entry.name) and set(members) <= catalogue.hidden:
                    return
        raise Difference("line %d is refused, and its calls have the argument" % statement.line)

    # -- calls -------------------------------------------------------------------------------

    def readings(self):
        return [(abi, self.policy.reading(self.catalogues[abi])) for abi in self.policy.abis]

    def word(self):
        return self.random.choice((0, 0, 1, 0xFFFFFFFF, 0x80000000, self.random.getrandbits(32)))

    def calls(self, reading, number, count):
        """Calls of NUMBER: arguments around their edges, garbage where nobody looks."""
        edges = [(a, sorted(values)) for a, values in reading.edges.get(number, {}).items()]
        for _ in range(count if edges else 3):
            words = [self.word() for _ in range(16)]
            words[0] = number
            words[1] = reading.abi.audit_arch
            for argument, values in edges:
                value = self.random.choice(values)
                if self.random.randrange(6) == 0:
                    value = (value ^ self.random.getrandbits(64)) & argument.ones
                argument.store(words, value, self.word())
            yield words

    def strangers(self, readings):
        """Numbers at the ends and in the gaps, and what comes in by other ABIs."""
        numbers = {0, 511, 512, 547, 548, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xC0000000}
        if self.family == "x86":
            numbers |= {X32_BIT + number for number in (-1, 0, 511, 512, 520, 547, 548)}
        if self.family == "arm":
            numbers |= {ARM_PRIVATE + number for number in (-1, 0, 1, 2, 5, 6)}
        if self.family in ("mips", "mipsel"):
            numbers |= {base + number for base in (4000, 5000, 6000) for number in (-1, 0, 1)}
        for _, reading in readings:
            for number in [max(reading.highest, 0), *reading.rules]:
                numbers |= {number, number + 1, number ^ X32_BIT, max(number - 1, 0)}
                if reading.abi.base in (4000, 5000, 6000):
                    numbers.add(number - reading.abi.base + self.random.choice((0, 4000, 5000, 6000)))
        arches = sorted({ABIS[name].audit_arch for name in FAMILIES[self.family]})
        others = sorted({abi.audit_arch for abi in ABIS.values()} | set(STRANGE_ARCHES))
        for number in sorted(numbers):
            for arch in {*arches, self.random.choice(others)}:
                words = [self.word() for _ in range(16)]
                words[0:2] = number, arch
                yield words

    def answer(self, by_abi, words):
        """What the policy says of a call, whatever ABI it comes in by."""
        for name, reading in by_abi.items():
            if ABIS[name].owns(*words[:2]):
                self.statistics[name] += 1
                return reading.answer(words)[0]
        foreign = self.policy.foreign or Action("kill process", "kill process")
        return foreign.value(self.catalogues[self.policy.abis[0]])

    def compare(self, program, by_abi, words):
        answer = bpf.run(program, words)
        wanted = self.answer(by_abi, words)
        self.statistics["calls"] += 1
        if answer != wanted:
            raise Difference(
                "%s: the filter says %s, the policy %s"
                % (self.show(words), action_text(answer), action_text(wanted))
            )

    def show(self, words):
        big_endian = ABIS[self.policy.abis[0]].big_endian
        numbers = []
        for i in range(4, 16, 2):
            high, low = words[i : i + 2] if big_endian else reversed(words[i : i + 2])
            numbers.append("0x%x" % (high << 32 | low))
        return "arch 0x%x nr 0x%x (%s)" % (words[1], words[0], ", ".join(numbers))

    def named_action(self, reading, text):
        """An action as pale prints it: errnos have names, those of the ABI."""
        if not text.startswith("deny "):
            return text
        name = text[5:]
        return "deny %s" % self.catalogues[reading.abi.name].constants.get(name, name)

    def check_sim(self, reading):
        """`pale sim` puts arguments where the ABI has them, and runs the filter that is written."""
        numbers = sorted(reading.rules)
        calls = []
        for number in self.random.sample(numbers, min(len(numbers), 8)):
            for made in self.calls(reading, number, 3):
                call = reading.calls[number]
                words = [number, reading.abi.audit_arch] + [0] * 14
                values = []
                for argument in call.arguments:
                    value = argument.value(made)
                    argument.store(words, value, 0)
                    values.append(str(argument.as_number(value)))
                calls.append(("%s(%s)" % (call.name, ", ".join(values)), words))
        command = [self.pale, "sim", "--arch", reading.abi.name]
        command += [os.path.join(self.folder, "policy.bpf"), *(text for text, _ in calls)]
        done = subprocess.run(command, capture_output=True, timeout=60, text=True)
        lines = done.stdout.splitlines()
        if done.returncode or len(lines) != len(calls):
            raise Difference("pale sim says: %r" % done.stderr)
        for (text, words), line in zip(calls, lines):
            said = self.named_action(reading, line.split("\t")[1])
            wanted = action_text(reading.answer(words)[0])
            if said != wanted:
                raise Difference(
                    "sim on %s: %s: not %s" % (reading.abi.name, line, wanted)
                )
            self.statistics["simulated"] += 1

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
            reading.abi.name, action_text(action), call.name, ", ".join(texts)
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
                raise Difference("%s is believed, and broken by %s" % (text, self.show(broken_by)))
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
        shown = self.named_action(reading, found[2])
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
        asked = [reading for _, reading in readings if reading.rules]
        if asked and self.random.randrange(4) == 0:
            self.check_sim(self.random.choice(asked))
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
        for reading in asked:
            if self.random.randrange(3) == 0:
                self.check_expectation(reading, self.random.choice(sorted(reading.rules)))
        self.statistics["policies"] += 1
        self.statistics["policies of " + self.family] += 1
        self.statistics["rules"] += sum(len(r) for _, x in readings for r in x.rules.values())
        self.statistics["instructions"] += len(program)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--count", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next one adds 1")
    parser.add_argument("--keep", help="a folder for policies that are read differently")
    options = parser.parse_args()
    pale = os.environ.get("PALE", "./pale")
    unread = missing(pale)
    if unread:
        print("\n".join(unread))
        return 1
    top = os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "..", ".."))
    equivalents = Equivalents(os.path.join(top, "policy-lang/catalog/data/equivalents.tsv"))
    catalogues = {name: Catalogue(pale, abi, equivalents) for name, abi in ABIS.items()}
    statistics = dict.fromkeys(COUNTED, 0)
    statistics.update(dict.fromkeys(["policies of " + family for family in FAMILIES], 0))
    statistics.update(dict.fromkeys(ABIS, 0))
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
    return 1 if report(statistics) or bad else 0


def report(statistics):
    """Says how much was compared. Returns whether that is too little."""

    def line(names):
        return ", ".join("%s: %d" % (name, statistics[name]) for name in names)

    unmet = [name for name in ABIS if not statistics[name]]
    print(line(COUNTED))
    print(line("policies of " + family for family in FAMILIES))
    print("calls by %d ABIs: %s" % (len(ABIS) - len(unmet), line(ABIS)))
    return not statistics["policies"] or unmet and statistics["policies"] >= 100


if __name__ == "__main__":
    sys.exit(main())
