#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares numbers and signatures of the catalogue with the sources of a kernel.

    compare_entries.py [-v] FOLDER-OF-LINUX
    compare_entries.py --table FILE FOLDER-OF-LINUX

Numbers come from the tables (*.tbl) that the kernel itself is built from, signatures from the
SYSCALL_DEFINE of the entry that a table names, or of its COMPAT_SYSCALL_DEFINE where a 64-bit kernel
serves a 32-bit ABI: how many registers each call has on each ABI, and how wide each is read. What is
known to differ for a reason stands in NARROWED and ADDRESSES. Entries that are written in another way
(in assembly, by macros of one machine) are counted and not compared; -v lists them. Prints what
differs, and ends with 1 where something does.

--table writes what the source alone says, for tests/catalog/entries, which needs no source.
"""

import argparse
import os
import re
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
GENERIC = "scripts/syscall.tbl"
MIPS = "arch/mips/kernel/syscalls/syscall_%s.tbl"
# The table of each ABI, which of its rows count, the folder of its own entries, the width of its
# registers, and how a pair stands in them: None, "plain", "even", "even swapped".
TABLES = {
    "x86_64": ("arch/x86/entry/syscalls/syscall_64.tbl", "common 64", "x86", 64, None),
    "x86": ("arch/x86/entry/syscalls/syscall_32.tbl", "i386", "x86", 32, "plain"),
    "x32": ("arch/x86/entry/syscalls/syscall_64.tbl", "common x32", "x86", 64, None),
    "arm": ("arch/arm/tools/syscall.tbl", "common eabi", "arm", 32, "even"),
    "aarch64": (GENERIC, "common 64 renameat rlimit memfd_secret", "arm64", 64, None),
    "mips": (MIPS % "o32", "o32 common", "mips", 32, "even swapped"),
    "mipsel": (MIPS % "o32", "o32 common", "mips", 32, "even"),
    "mips64": (MIPS % "n64", "n64 common", "mips", 64, None),
    "mipsel64": (MIPS % "n64", "n64 common", "mips", 64, None),
    "mips64n32": (MIPS % "n32", "n32 common", "mips", 64, None),
    "mipsel64n32": (MIPS % "n32", "n32 common", "mips", 64, None),
    "riscv64": (GENERIC, "common 64 riscv rlimit memfd_secret", "riscv", 64, None),
    "ppc64le": ("arch/powerpc/kernel/syscalls/syscall.tbl", "common 64 nospu", "powerpc", 64, None),
    "s390x": ("arch/s390/kernel/syscalls/syscall.tbl", "common 64", "s390", 64, None),
    "loongarch64": (GENERIC, "common 64", "loongarch", 64, None),
}
# ABIs for which the last column of the table names what a 64-bit kernel runs, besides its own.
COMPAT = ("mips", "mipsel")
KINDS = {
    "int": 32, "uint": 32, "fd": 32, "umode": 16, "u16": 16, "ptr": "pointer",
    "long": "long", "ulong": "long", "s64": 64, "u64": 64, "lohi": "halves",
}  # fmt: skip
WIDTHS = {
    16: "umode_t compat_mode_t old_uid_t old_gid_t",
    32: "int pid_t clockid_t timer_t mqd_t key_t key_serial_t rwf_t s32 __s32 unsigned u32 __u32"
    " uint uid_t gid_t qid_t compat_pid_t compat_int_t compat_uint_t compat_long_t compat_off_t"
    " compat_ssize_t compat_ulong_t compat_size_t compat_aio_context_t compat_old_sigset_t"
    " compat_uptr_t",
    64: "loff_t u64 __u64 s64",
    "long": "long off_t size_t ssize_t aio_context_t old_sigset_t uintptr_t",
    "pointer": "cap_user_header_t cap_user_data_t __sighandler_t",
}
WIDTH_OF = {name: width for width, names in WIDTHS.items() for name in names.split()}
# (call, argument): the entry declares more than the kernel goes on to look at; the reasons stand in
# tests/catalog/test_signatures.c.
NARROWED = {
    ("clone", "clone_flags"), ("mbind", "mode"), ("mmap", "fd"), ("mmap2", "fd"), ("ptrace", "pid"),
    ("personality", "personality"), ("readv", "fd"), ("writev", "fd"), ("preadv", "fd"),
    ("preadv2", "fd"), ("pwritev", "fd"), ("pwritev2", "fd"), ("process_madvise", "flags"),
}  # fmt: skip
# (call, argument): an address, whichever way the entry declares it.
ADDRESSES = {("set_thread_area", "addr"), ("shmat", "shmaddr"), ("msgsnd", "msgp"), ("msgrcv", "msgp"),
             ("ipc", "ptr")}  # fmt: skip


def read_table(source, abi):
    """{call: (number, entry, compat entry)}"""
    path, kinds = TABLES[abi][:2]
    rows = {}
    with open(os.path.join(source, path), encoding="utf-8") as lines:
        for line in lines:
            words = line.partition("#")[0].split()
            if len(words) > 2 and words[1] in kinds.split():
                if not re.match(r"(unused|reserved)\d+$", words[2]):
                    rows[words[2]] = (int(words[0]), *(words[3:5] + ["", ""])[:2])
    return rows


def entries_run(abi, entry, compat):
    """The functions behind a row of a table; none where the number is only kept free."""
    names = [entry, compat] if abi in COMPAT else [entry]
    return [name for name in names if name not in ("", "-", "sys_ni_syscall")]


def read_entries(source):
    """{function: [(file, [(type, argument)])]}"""
    entries = {}
    prefixes = {"SYSCALL": "sys_", "SYSCALL32": "sys32_", "COMPAT_SYSCALL": "compat_sys_"}
    pattern = re.compile(r"\b(COMPAT_SYSCALL|SYSCALL32|SYSCALL)_DEFINE\d\s*\(([^)]*)\)")
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in ("tools", "Documentation", ".git")]
        for name in files:
            if not name.endswith(".c"):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if "SYSCALL" not in text:
                continue
            text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
            for match in pattern.finditer(text):
                words = [" ".join(word.split()) for word in match[2].split(",")]
                arguments = list(zip(words[1::2], words[2::2]))
                where = os.path.relpath(path, source)
                entries.setdefault(prefixes[match[1]] + words[0], []).append((where, arguments))
    for abi in TABLES:
        entries["sys_clone", abi] = [entries["sys_clone"][clone_order(source, abi)]]
    return entries


def clone_order(source, abi):
    """Which of the definitions of clone in kernel/fork.c, in their order there, a machine has."""
    path = os.path.join(source, "arch", TABLES[abi][2], "Kconfig")
    with open(path, encoding="utf-8") as lines:
        text = lines.read()
    chosen = re.search(r"^\s*select CLONE_BACKWARDS(\d?)$", text, re.M)
    if not chosen:
        return 3
    option = re.findall(r"^config (\w+)$", text[: chosen.start()], re.M)[-1]
    if option == "X86_32" and abi != "x86":
        return 3
    return int(chosen[1] or 1) - 1


def width_of(declared, register):
    """Bits, or "pointer", of a type of the kernel."""
    words = [word for word in declared.split() if word not in ("const", "__user")]
    if "*" in declared:
        return "pointer"
    if words[:2] in (["unsigned", "int"], ["unsigned", "short"]):
        return 32 if words[1] == "int" else 16
    if words[:1] == ["unsigned"] and len(words) > 1:
        return register
    if words[0] == "enum":
        return 32
    width = WIDTH_OF.get(words[0])
    return register if width == "long" else width


def registers_declared(abi, call, arguments):
    register = TABLES[abi][3]
    found = []
    for declared, name in arguments:
        width = width_of(declared, register)
        if (call, name) in NARROWED:
            width = 32
        if (call, name) in ADDRESSES:
            width = "pointer"
        if width == 64 and register == 32:
            found.extend(place_pair(abi, len(found)))
        else:
            found.append(width)
    return found


def place_pair(abi, used):
    way = TABLES[abi][4]
    hole = ["hole"] if way.startswith("even") and used % 2 else []
    return hole + (["high", "low"] if way.endswith("swapped") else ["low", "high"])


def registers_known(abi, signature):
    register = TABLES[abi][3]
    found = []
    for argument in [] if signature == "-" else signature.split(", "):
        width = KINDS[argument.split(":")[1]]
        if width == "halves":
            # Declared as two longs, or as two u32 in compat entries.
            found += [32, 32]
        elif width == 64 and register == 32:
            found.extend(place_pair(abi, len(found)))
        else:
            found.append(register if width == "long" else width)
    return found


def same(known, declared):
    """Entries of one machine may declare a pair's registers one by one, the hole among them."""
    if len(known) != len(declared):
        return False
    return all(
        a == b or (a in ("hole", "low", "high") and b in (32, "hole", "low", "high"))
        for a, b in zip(known, declared)
    )


def read_signatures():
    """{abi: {call: (number or None, signature)}}"""
    with open(os.path.join(DATA, "calls.tsv"), encoding="ascii") as lines:
        title, *rows = (line.rstrip("\n").split("\t") for line in lines)
    abis = [name.partition(">=")[0] for name in title[3:-1]]
    known = {abi: {} for abi in abis}
    for row in rows:
        for abi, number in zip(abis, row[3:-1]):
            known[abi][row[0]] = (None if number == "-" else int(number), row[-1])
    with open(os.path.join(DATA, "signatures.tsv"), encoding="ascii") as lines:
        for call, where, signature in (l.rstrip("\n").split("\t") for l in lines if l[0] != "#"):
            for abi in where.split(","):
                number, general = known[abi][call]
                if signature == "narrow":
                    general = general.replace(":ulong", ":uint").replace(":long", ":int")
                else:
                    general = signature
                known[abi][call] = (number, general.partition(" ; ")[0])
    return known


def definitions(entries, abi, entry):
    """[(file, arguments)]: those of a function that are for the machine."""
    # MIPS saves more registers around these, and goes on to the common ones.
    entry = entry.removeprefix("__") if entry.startswith("__sys_") else entry
    if (entry, abi) in entries:
        return entries[entry, abi]
    own = "arch/%s/" % TABLES[abi][2]
    found = entries.get(entry, [])
    return [e for e in found if e[0].startswith(own)] or [
        e for e in found if not e[0].startswith("arch/")
    ]


class Comparison:
    def __init__(self, entries):
        self.entries = entries
        self.good = self.bad = 0
        self.other = []

    def compare(self, abi, call, entry, signature):
        """One entry of one call: any of the definitions of that name that are for the machine."""
        candidates = definitions(self.entries, abi, entry)
        known = registers_known(abi, signature)
        declared = [registers_declared(abi, call, arguments) for _, arguments in candidates]
        if not candidates:
            self.other.append("%s %s: %s" % (abi, call, entry))
        elif any(same(known, one) or same(known, one[:6]) for one in declared):
            self.good += 1
        else:
            self.bad += 1
            print("%s %s: %s here, %s in %s" % (abi, call, known, declared[0], candidates[0][0]))


TABLE_TITLE = """\
# The registers that the entries of Linux %s declare: compare_entries.py --table, from its source alone.
# call	abis	registers (-: none; " or ": one of several definitions; other: defined in another way; free: no entry)
"""


def release_of(source):
    with open(os.path.join(source, "Makefile"), encoding="utf-8") as lines:
        values = dict(re.findall(r"^(VERSION|PATCHLEVEL) = (\d+)$", lines.read(), re.M))
    return "%(VERSION)s.%(PATCHLEVEL)s" % values


def registers_text(entries, abi, call, entry):
    declared = [registers_declared(abi, call, d) for _, d in definitions(entries, abi, entry)]
    return " or ".join(sorted({" ".join(map(str, one)) or "-" for one in declared})) or "other"


def write_table(source, entries, path):
    """A row for each way in which ABIs take a call; o32 has two where a 64-bit kernel's differs."""
    abis = {}
    for abi in TABLES:
        for call, (_, *names) in read_table(source, abi).items():
            texts = {registers_text(entries, abi, call, name) for name in entries_run(abi, *names)}
            for text in texts or {"free"}:
                abis.setdefault((call, text), []).append(abi)
    order = list(TABLES)
    with open(path, "w", encoding="ascii") as file:
        file.write(TABLE_TITLE % release_of(source))
        for call, text in sorted(abis, key=lambda row: (row[0], order.index(abis[row][0]), row[1])):
            file.write("%s\t%s\t%s\n" % (call, "|".join(abis[call, text]), text))


def refuse_without_tables(source):
    missing = sorted({t[0] for t in TABLES.values() if not os.path.exists(os.path.join(source, t[0]))})
    if missing:
        print(
            "%s has no %s: Linux 6.11 and later have all tables (the generic one came last)"
            % (source, ", ".join(missing)),
            file=sys.stderr,
        )
        sys.exit(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", action="store_true", help="list entries that are not compared")
    parser.add_argument("--table", metavar="FILE", help="write what the source says, and compare nothing")
    parser.add_argument("source", metavar="FOLDER-OF-LINUX")
    options = parser.parse_args()
    refuse_without_tables(options.source)
    entries = read_entries(options.source)
    if options.table:
        write_table(options.source, entries, options.table)
        return
    comparison = Comparison(entries)
    numbers = 0
    for abi, calls in read_signatures().items():
        for call, (number, *names) in read_table(options.source, abi).items():
            known, signature = calls.get(call, (None, "-"))
            numbers += 1
            if known != number:
                comparison.bad += 1
                print("%s %s: number %s here, %d in the table" % (abi, call, known, number))
                continue
            for name in entries_run(abi, *names):
                comparison.compare(abi, call, name, signature)
    if options.v:
        print("\n".join(comparison.other))
    print(
        "%d numbers; %d entries alike, %d differ, %d are defined in another way"
        % (numbers, comparison.good, comparison.bad, len(comparison.other))
    )
    sys.exit(comparison.bad != 0)


if __name__ == "__main__":
    main()
