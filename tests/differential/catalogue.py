# SPDX-License-Identifier: Apache-2.0
"""Names, types and numbers as `pale list` gives them; what a type means is read from the manual.

The width, the sign and the place of an argument are worked out here from its type, as
doc/language.md has them, and not taken from the program under test.
"""

import json
import subprocess

# The kinds of arguments: (bits or None for a register's, signed).
KINDS = {
    "int": (32, True),
    "uint": (32, False),
    "fd": (32, True),
    "umode": (16, False),
    "u16": (16, False),
    "long": (None, True),
    "ulong": (None, False),
    "ptr": (None, False),
    "s64": (64, True),
    "u64": (64, False),
    "lohi": (64, True),  # in the lower halves of two registers, whatever the ABI's own pairs are
}


class Argument:
    """What the kernel's entry for one ABI reads: `low` and `high` are indices of words."""

    def __init__(self, abi, register, name, kind, kernel_name=None, family=None):
        self.name = name
        self.kernel_name = kernel_name
        self.kind = kind
        self.family = family
        bits, self.signed = KINDS[kind]
        self.bits = bits or abi.bits
        self.ones = (1 << self.bits) - 1
        self.low = abi.low_word(register)
        self.high = abi.high_word(register)
        self.end = register + 1  # the first register behind it
        if kind == "lohi":
            self.high = abi.low_word(register + 1)
            self.end = register + 2
        elif self.bits > abi.bits:
            register += register % 2 if abi.even else 0
            halves = (abi.low_word(register), abi.low_word(register + 1))
            self.high, self.low = halves if abi.big_endian else reversed(halves)
            self.end = register + 2

    def value(self, words):
        """Its bits, unsigned."""
        value = words[self.low]
        if self.bits > 32:
            value |= words[self.high] << 32
        return value & self.ones

    def as_number(self, bits):
        """What a pattern of bits means as a number of the argument's type."""
        return bits - self.ones - 1 if self.signed and bits > self.ones >> 1 else bits

    def store(self, words, value, garbage):
        """Writes VALUE where the kernel reads it, GARBAGE where it does not look."""
        words[self.low] = value & 0xFFFFFFFF
        if self.bits < 32:
            words[self.low] |= garbage & 0xFFFFFFFF & ~self.ones
        if self.bits > 32:
            words[self.high] = value >> 32


class Call:
    def __init__(self, data, abi):
        self.name = data["name"]
        self.number = data["number"]
        self.since = tuple(int(part) for part in data.get("since", "0.0").split("."))
        self.arguments = []
        self.registers = 0  # how many it reads
        for item in data["arguments"]:
            argument = Argument(
                abi,
                self.registers,
                item["name"],
                item["kind"],
                item.get("kernel_name"),
                item.get("family"),
            )
            self.arguments.append(argument)
            self.registers = argument.end
        assert self.registers <= 6
        self._raw = {"arg%d" % i: Argument(abi, i, "arg%d" % i, "ulong") for i in range(6)}

    def find(self, name):
        """The argument called so, or None; the manual's name goes before the kernel's."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        for argument in self.arguments:
            if argument.kernel_name == name:
                return argument
        return self._raw[name] if name in self.raw_names() else None

    def raw_names(self):
        """The registers that it reads."""
        return ["arg%d" % i for i in range(self.registers)]


class Equivalents:
    """What equivalents.tsv says: lines of calls that do the same work, some with marks."""

    def __init__(self, path):
        self.kin = {}  # name: the calls of the lines that it is in
        self._marks = []  # (name, ABIs on which no filter sees its arguments, or "" for all)
        with open(path, encoding="ascii") as file:
            for line in file:
                if line.startswith("#"):
                    continue
                words = [word.partition("!") for word in line.split()]
                self._marks += [(name, abis) for name, mark, abis in words if mark]
                names = {name for name, _, _ in words}
                for name in names:
                    self.kin.setdefault(name, set()).update(names)

    def hidden(self, abi):
        """Calls whose arguments no filter sees: behind a pointer, or a multiplexer."""
        return {name for name, abis in self._marks if not abis or abi in abis.split(",")}


class Catalogue:
    """The calls and constants of one ABI."""

    def __init__(self, pale, abi, equivalents):
        def listing(what):
            command = [pale, "list", what, "--json", "--arch", abi.name]
            return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

        self.abi = abi
        self.kin = equivalents.kin
        self.hidden = equivalents.hidden(abi.name)
        self.calls = {data["name"]: Call(data, abi) for data in listing("calls")}
        for call in self.calls.values():
            assert 0 <= call.number - abi.base < 1000 or not abi.newer(call.number), call.name
        self.constants = {}
        self.families = {}
        for item in listing("constants"):
            self.constants[item["name"]] = item["value"]
            self.families.setdefault(item["family"], []).append(item["name"])

    def equivalents(self, name):
        """The calls of this ABI that `any NAME` stands for, by name."""
        return sorted((self.kin.get(name, set()) | {name}) & self.calls.keys())

    def highest(self, baseline):
        """The highest number that a call of the baseline has, or of the ABI's first kernel."""
        baseline = max(baseline, min(call.since for call in self.calls.values()))
        return max(
            call.number
            for call in self.calls.values()
            if call.since <= baseline and self.abi.newer(call.number)
        )

    def private(self, baseline):
        """The numbers of a machine's own calls that the baseline has, far above the others."""
        return {
            call.number
            for call in self.calls.values()
            if call.since <= baseline and not self.abi.newer(call.number)
        }

    def newest(self):
        return max(call.since for call in self.calls.values())
