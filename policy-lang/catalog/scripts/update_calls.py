#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Brings data/calls.tsv up to the kernel's headers and to the running kernel's tracefs.

What is there stays: names, releases, signatures and uses are written by hand. New calls of
<asm/unistd_*.h> get a row, with the signature that tracefs has for them, or "?" where it has none,
which stops the build until somebody has written it; their release is "?" too. A number that a
header contradicts is an error: one of the two is wrong, and a person decides. Calls that no header
here has (newer ones) are left alone. Prints what it added.
"""

import glob
import os
import re
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "calls.tsv")
# Where each ABI's numbers stand; an ABI of another machine names its own headers here.
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "x86": "/usr/include/x86_64-linux-gnu/asm/unistd_32.h",
    "x32": "/usr/include/x86_64-linux-gnu/asm/unistd_x32.h",
}
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


def numbers_of(path):
    """{call: number without the ABI's base} of a header."""
    pattern = re.compile(r"#define __NR_(\w+)\s+(?:\(__\w+ \+ (\d+)\)|(\d+))$")
    with open(path) as header:
        found = (pattern.match(line.rstrip()) for line in header)
        return {m[1]: int(m[2] or m[3]) for m in found if m}


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
    for column, abi in enumerate(abis, 3):
        if not os.path.exists(HEADERS.get(abi, "")):
            print("%s: no header here" % abi)
            continue
        for name, number in numbers_of(HEADERS[abi]).items():
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
