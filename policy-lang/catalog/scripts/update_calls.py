#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Brings data/calls.tsv up to the kernel's headers and to the running kernel's tracefs.

What is there stays: names, releases, signatures and uses are written by hand. New calls of
<asm/unistd.h>, as clang reads it for each ABI of headers.tsv, get a row, with the signature that tracefs has for them, or "?" where it has none,
which stops the build until somebody has written it; their release is "?" too. A number that a
header contradicts is an error: one of the two is wrong, and a person decides. Calls that no header
here has (newer ones) are left alone. Prints what it added.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
from headers import HERE, read_headers

DATA = os.path.join(HERE, "..", "data", "calls.tsv")
HEADER = "asm/unistd.h"
# Macros of that header that are where an ABI's numbers begin.
BASES = ("__NR_Linux", "__X32_SYSCALL_BIT")
# Those that are named like calls and are none: bounds, and numbers that no call has.
NO_CALL = re.compile(
    r"__NR_(\w*Linux(_syscalls)?|syscalls|arch_specific_syscall|(OABI_)?SYSCALL_(BASE|MASK)"
    r"|(unused|reserved)\d+)$|__ARM_NR_BASE$"
)
TRACEFS = "/sys/kernel/tracing/events/syscalls"
# Entries whose function has another name than the call in the kernel's table.
RENAMED = {
    "newfstat": "fstat",
    "newlstat": "lstat",
    "newstat": "stat",
    "newuname": "uname",
    "sendfile64": "sendfile",
    "umount": "umount2",
}
# The kernel's types; any other is to be looked at by a person.
KINDS = {
    "int": "int",
    "pid_t": "int",
    "clockid_t": "int",
    "timer_t": "int",
    "mqd_t": "fd",
    "key_t": "int",
    "key_serial_t": "int",
    "rwf_t": "int",
    "__s32": "int",
    "unsigned int": "uint",
    "unsigned": "uint",
    "u32": "uint",
    "__u32": "uint",
    "uid_t": "uint",
    "gid_t": "uint",
    "qid_t": "uint",
    "umode_t": "umode",
    "long": "long",
    "off_t": "long",
    "unsigned long": "ulong",
    "size_t": "ulong",
    "aio_context_t": "ulong",
    "loff_t": "s64",
    "u64": "u64",
    "__u64": "u64",
    "cap_user_header_t": "ptr",
    "cap_user_data_t": "ptr",
}


def numbers_of(headers):
    """{call: number without the ABI's base} of an ABI's headers."""
    macros = headers.names([HEADER])[HEADER]
    names = [name for name in macros if name.startswith(("__NR_", "__ARM_NR_")) or name in BASES]
    values = headers.values({HEADER: names})[HEADER]
    bases = [values.pop(name, 0) for name in BASES]
    calls = {
        name.removeprefix("__ARM_NR_").removeprefix("__NR_"): value
        for name, value in values.items()
        if not NO_CALL.match(name)
    }
    base = max(base for base in bases if base <= min(calls.values()))
    return {name: value - base for name, value in calls.items()}


def argument_of(declaration):
    kernel_type, name = declaration.rsplit(" ", 1)
    if "*" in kernel_type:
        return "%s:ptr" % name
    kernel_type = kernel_type.removeprefix("const ")
    kind = KINDS.get(kernel_type, "?")
    if kind in ("int", "uint") and re.search(r"fd$", name):
        kind = "fd"
    if kind in ("int", "uint") and name.endswith("flags"):
        kind += ":flags"
    return "%s:%s" % (name, kind)


def traced_signatures():
    """{call: signature} as the running kernel has it; empty where tracefs cannot be read."""
    signatures = {}
    for path in glob.glob(TRACEFS + "/sys_enter_*/format"):
        name = path.split("/")[-2].removeprefix("sys_enter_")
        with open(path) as text:
            fields = re.findall(r"field:([^;]*);", text.read())[5:]
        fields = [f for f in fields if not f.startswith("__data_loc")]
        signatures[RENAMED.get(name, name)] = ", ".join(map(argument_of, fields)) or "-"
    return signatures


def main():
    with open(DATA) as data:
        title, *lines = data.read().splitlines()
    rows = {line.split("\t")[0]: line.split("\t") for line in lines}
    abis = [re.sub(r">=.*", "", name) for name in title.split("\t")[3:-1]]
    traced = traced_signatures()
    if not traced:
        print("no tracefs to be read: new calls will have no signature")
    wrong = False
    headers = read_headers()
    synonyms = {word for row in rows.values() for word in row[1].split(",") if "@" in word}
    for column, abi in enumerate(abis, 3):
        if not headers[abi].present:
            print("%s: no headers here" % abi)
            continue
        for name, number in numbers_of(headers[abi]).items():
            if "%s@%s" % (name, abi) in synonyms:
                continue
            if name not in rows:
                rows[name] = [name, "-", "?"] + ["-"] * len(abis) + [traced.get(name, "?")]
                print("%s: new, %s" % (name, rows[name][-1]))
            if rows[name][column] == "-":
                rows[name][column] = str(number)
                print("%s: is %d on %s" % (name, number, abi))
            elif rows[name][column] != str(number):
                print("%s: %s here, %d in the header of %s" % (name, rows[name][column], number, abi))
                wrong = True
    for name in traced.keys() - rows.keys():
        print("%s: tracefs has it, no header here does: give it its number by hand" % name)
    if wrong:
        sys.exit("numbers differ: nothing is written")
    with open(DATA + ".tmp", "w") as out:
        out.write(title + "\n")
        for name in sorted(rows):
            out.write("\t".join(rows[name]) + "\n")
    os.rename(DATA + ".tmp", DATA)


main()
