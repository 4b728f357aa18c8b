# SPDX-License-Identifier: Apache-2.0
"""Names, types and numbers as `pale list` gives them; what a type means is read from the manual.

The width, the sign and the place of an argument are worked out here from its type, as
doc/language.md has them, and not taken from the program under test.
"""

import json
import subprocess

ABIS = ("x86_64", "x86", "x32")
AUDIT_ARCH = {"x86_64": 0xC000003E, "x86": 0x40000003, "x32": 0xC000003E}
LONG_BITS = {"x86_64": 64, "x86": 32, "x32": 64}
X32_BIT = 0x40000000
# The kinds of arguments: (bits or None for a long's, signed).
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
}
# Calls whose arguments no filter can see: behind a pointer, or a multiplexer.
HIDDEN = {
    "x86_64": {"clone3", "openat2"},
    "x32": {"clone3", "openat2"},
    "x86": {"clone3", "openat2", "socketcall", "ipc", "mmap", "select"},
}


class Argument:
    """What the kernel's entry for one ABI reads: `low` and `high` are indices of words."""

    def __init__(self, name, kernel_name, kind, family, register, long_bits):
        self.name = name
        self.kernel_name = kernel_name
        self.kind = kind
        self.family = family
        bits, self.signed = KINDS[kind]
        self.bits = bits or long_bits
        self.pair = self.bits > long_bits
        self.low = 4 + 2 * register
        self.high = self.low + (2 if self.pair else 1)
        self.ones = (1 << self.bits) - 1

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
        long_bits = LONG_BITS[abi]
        self.name = data["name"]
        self.number = data["number"]
        self.since = tuple(int(part) for part in data.get("since", "0.0").split("."))
        self.arguments = []
        register = 0
        for item in data["arguments"]:
            argument = Argument(
                item["name"],
                item.get("kernel_name"),
                item["kind"],
                item.get("family"),
                register,
                long_bits,
            )
            self.arguments.append(argument)
            register += 2 if argument.pair else 1
        self.registers = register

    def find(self, name):
        """The argument called so, or None; the manual's name goes before the kernel's."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        for argument in self.arguments:
            if argument.kernel_name == name:
                return argument
        number = {"arg%d" % i: i for i in range(self.registers)}.get(name)
        return None if number is None else self._register(number)

    def _register(self, number):
        return self._registers[number]

    def add_registers(self, long_bits):
        self._registers = [
            Argument("arg%d" % i, None, "ulong", None, i, long_bits) for i in range(6)
        ]


def read_equivalents(path):
    """The calls that do the same work as each, on any ABI: those of the lines that it is in."""
    found = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith("#"):
                continue
            names = {word.partition("!")[0] for word in line.split()}
            for name in names:
                found.setdefault(name, set()).update(names)
    return found


class Catalogue:
    """The calls and constants of one ABI."""

    def __init__(self, pale, abi, equivalents):
        def listing(what):
            command = [pale, "list", what, "--json", "--arch", abi]
            return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

        self.abi = abi
        self.equivalents = equivalents
        self.calls = {}
        for data in listing("calls"):
            call = Call(data, abi)
            call.add_registers(LONG_BITS[abi])
            self.calls[call.name] = call
        self.constants = {item["name"]: item["value"] for item in listing("constants")}
        self.families = {}
        for item in listing("constants"):
            self.families.setdefault(item["family"], []).append(item["name"])

    def highest(self, baseline):
        return max(call.number for call in self.calls.values() if call.since <= baseline)

    def newest(self):
        return max(call.since for call in self.calls.values())
