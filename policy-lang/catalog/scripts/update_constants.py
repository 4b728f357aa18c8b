#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes data/constants.tsv anew from the kernel's headers.

scripts/vocabulary.tsv says which names of which header belong to which families, and in which
order of preference; the C compiler says their values on each ABI. Constants that the headers here
do not know (older headers than those the data was made from) keep the row that they have; what is
given by hand in the vocabulary stays by hand. Prints what changed.
"""

import fnmatch
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data", "constants.tsv")
VOCABULARY = os.path.join(HERE, "vocabulary.tsv")
# The compiler of each ABI, in the order of the columns of calls.tsv.
COMPILERS = {
    "x86_64": ["gcc", "-m64"],
    "x86": ["gcc", "-m32"],
    "x32": ["gcc", "-mx32"],
}
# Families of numbers rather than of bits: their values are written in decimal.
COUNTED = set(
    "E SIG AF_ PF_ PR_ F_ KEYCTL_ BPF_ RLIMIT_ CAP_ CAP_last SOL_ SO_ IPPROTO_ TCP_ UDP_ IP_ IPV6_"
    " MCAST_ PACKET_ NETLINK_ SYS_ IPCOP_ CLOCK_ MADV_ shmctl semctl msgctl IORING_REGISTER_"
    " FUTEX_ LSM_ATTR_ SYSLOG_ACTION_ KEY_SPEC_ IPT_".split()
)


def preamble(header):
    """HEADER may be several, in order: some use others without including them."""
    return "".join("#include <%s>\n" % name for name in header.split())


def names_of(header):
    """Macros without arguments and enumerators that HEADER brings, in its order."""
    names = {}
    for compiler in COMPILERS.values():
        run = subprocess.run(
            compiler + ["-D_GNU_SOURCE", "-E", "-dD", "-x", "c", "-"],
            input=preamble(header),
            capture_output=True,
            text=True,
        )
        if run.returncode:
            sys.exit("%s: %s" % (header, run.stderr))
        text = run.stdout
        for match in re.finditer(r"^#define (\w+)(?![\w(])|\benum\b[^{;()]*\{([^}]*)\}", text, re.M):
            if match[1]:
                names[match[1]] = True
            else:
                body = re.sub(r"^#.*$", "", match[2], flags=re.M)
                for item in body.split(","):
                    word = re.match(r"\s*(\w+)", item)
                    if word:
                        names[word[1]] = True
    return list(names)


def values_of(header, names, compiler):
    """{name: value} on one ABI of those NAMES that are integer constants there."""
    names = list(names)
    with tempfile.TemporaryDirectory() as folder:
        source, made, raw = (os.path.join(folder, n) for n in ("c.c", "c.o", "c.bin"))
        while names:
            first = preamble(header).count("\n") + 2
            with open(source, "w") as out:
                out.write(preamble(header))
                out.write('const unsigned long long pale_values[] __attribute__((section(".pale"))) = {\n')
                for name in names:
                    out.write("(unsigned long long)(%s),\n" % name)
                out.write("};\n")
            run = subprocess.run(
                compiler + ["-D_GNU_SOURCE", "-w", "-fmax-errors=0", "-c", source, "-o", made],
                capture_output=True,
                text=True,
            )
            if not run.returncode:
                break
            lines = {int(n) for n in re.findall(r"c\.c:(\d+):\d+: (?:fatal )?error", run.stderr)}
            bad = {n - first for n in lines if 0 <= n - first < len(names)}
            if not bad:
                sys.exit("%s: %s" % (header, run.stderr))
            names = [n for i, n in enumerate(names) if i not in bad]
        if not names:
            return {}
        subprocess.run(["objcopy", "-O", "binary", "-j", ".pale", made, raw], check=True)
        with open(raw, "rb") as data:
            words = data.read()
    return {
        name: int.from_bytes(words[8 * i : 8 * i + 8], "little") for i, name in enumerate(names)
    }


def text_of(value, families):
    if value is None:
        return "-"
    if value >= 1 << 63:
        return str(value - (1 << 64))
    counted = families.split()[0] in COUNTED and value < 10000
    return str(value) if value < 10 or counted else "0x%x" % value


def by_hand(word):
    """NAME=VALUE;ABI=VALUE as a name and {abi: value}."""
    name, rest = word.split("=", 1)
    parts = rest.split(";")
    values = {abi: int(parts[0], 0) for abi in COMPILERS}
    for part in parts[1:]:
        abi, value = part.split("=")
        values[abi] = None if value == "-" else int(value, 0)
    return name, values


def expand(words, known, used, kept):
    """The names that a vocabulary row means, in its order."""
    given = set()
    left_out = [w[1:] for w in words if w[0] == "!"]
    for word in (w for w in words if w[0] != "!"):
        plain = not re.search(r"[*?\[]", word)
        matched = [word] if plain else [n for n in known if fnmatch.fnmatchcase(n, word)]
        if not plain:
            matched += [n for n in kept if fnmatch.fnmatchcase(n, word) and n not in known]
        for name in matched:
            if plain and name not in known and name not in kept:
                print("%s: not in the headers here" % name)
                continue
            if name in used or name in given:
                continue
            if not plain and any(fnmatch.fnmatchcase(name, w) for w in left_out):
                continue
            given.add(name)
            yield name


def read_old():
    """{header: {name: (families, values as text)}} of the data as it stands."""
    old = {}
    if os.path.exists(DATA):
        for line in open(DATA):
            if not line.startswith("#"):
                families, name, header, rest = line.rstrip("\n").split("\t", 3)
                old.setdefault(header, {})[name] = rest
    return old


def row_of(values, families):
    """The value that most ABIs have, and the others' by name."""
    counted = [v for v in values.values() if v is not None]
    common = max(counted, key=counted.count)
    others = ",".join("%s=%s" % (a, text_of(v, families)) for a, v in values.items() if v != common)
    return "%s\t%s" % (text_of(common, families), others or "-")


def main():
    old = read_old()
    known, used, rows = {}, set(), []
    for line in open(VOCABULARY):
        if line.startswith("#") or not line.strip():
            continue
        families, header, words = line.rstrip("\n").split("\t")
        words = words.split()
        if header == "-":
            for name, values in map(by_hand, words):
                if name in used:
                    continue  # a header has it by now
                used.add(name)
                rows.append((families, name, header, row_of(values, families)))
            continue
        if header not in known:
            known[header] = names_of(header)
        kept = old.get(header, {})
        names = list(expand(words, known[header], used, kept))
        values = {a: values_of(header, [n for n in names if n in known[header]], c) for a, c in COMPILERS.items()}
        for name in names:
            here = {abi: values[abi].get(name) for abi in COMPILERS}
            if any(v is not None for v in here.values()):
                rows.append((families, name, header, row_of(here, families)))
            elif name in kept:
                print("%s: kept, the headers here do not have it" % name)
                rows.append((families, name, header, kept[name]))
            else:
                print("%s: %s has it, but not as a number" % (name, header))
                continue
            used.add(name)
    before = {n: r for h in old.values() for n, r in h.items()}
    for families, name, header, row in rows:
        if name not in before:
            print("%s: new" % name)
        elif before[name] != row:
            print("%s: was %s, is %s" % (name, before[name], row))
    for name in before.keys() - used:
        print("%s: gone from the vocabulary" % name)
    with open(DATA + ".tmp", "w") as out:
        out.write("# families\tname\theader\tvalue\tvalues elsewhere\n")
        for row in rows:
            out.write("\t".join(row) + "\n")
    os.rename(DATA + ".tmp", DATA)


main()
