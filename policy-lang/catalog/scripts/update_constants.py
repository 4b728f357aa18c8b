#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes data/constants.tsv anew from the headers of every ABI.

scripts/vocabulary.tsv says which names of which header belong to which families, and in which
order of preference; clang says their values on each ABI of headers.tsv. An ABI whose headers are
not here keeps the values that it has; so do constants that these headers do not know where they
are older than those the data was made from. What is given by hand in the vocabulary stays by hand.
Prints what changed.
"""

import fnmatch
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from headers import HERE, read_headers

DATA = os.path.join(HERE, "..", "data", "constants.tsv")
VOCABULARY = os.path.join(HERE, "vocabulary.tsv")
# Families of numbers rather than of bits: their values are written in decimal.
COUNTED = set(
    "E SIG AF_ PF_ PR_ F_ KEYCTL_ BPF_ RLIMIT_ CAP_ CAP_last SOL_ SO_ IPPROTO_ TCP_ UDP_ IP_ IPV6_"
    " MCAST_ PACKET_ NETLINK_ SYS_ IPCOP_ CLOCK_ MADV_ shmctl semctl msgctl IORING_REGISTER_"
    " FUTEX_ LSM_ATTR_ SYSLOG_ACTION_ KEY_SPEC_ IPT_ sysmips".split()
)


def text_of(value, families):
    if value is None:
        return "-"
    if value >= 1 << 63:
        return str(value - (1 << 64))
    counted = families.split()[0] in COUNTED and value < 10000
    return str(value) if value < 10 or counted else "0x%x" % value


def kin_of(abi, abis):
    """What `ABI*` stands for: it and all whose names begin so."""
    return [a for a in abis if a.startswith(abi)]


def set_to_text(some, abis):
    """SOME of ABIS as mips*|arm: the fewest words."""
    words, left = [], list(some)
    while left:
        wholes = [a for a in left if set(kin_of(a, abis)) <= set(left)] or left
        word = max(wholes, key=lambda a: len(kin_of(a, abis)))
        kin = kin_of(word, abis) if word in wholes and set(kin_of(word, abis)) <= set(left) else [word]
        words.append(word + "*" if len(kin) > 1 else word)
        left = [a for a in left if a not in kin]
    return "|".join(sorted(words, key=lambda word: abis.index(word.rstrip("*"))))


def text_to_set(text, abis):
    found = []
    for word in text.split("|"):
        found += kin_of(word[:-1], abis) if word.endswith("*") else [word]
    if not set(found) <= set(abis) or len(set(found)) < len(found):
        sys.exit("not a set of ABIs: " + text)
    return found


def row_of(values, families):
    """The two last columns: the value that most ABIs have, and the others' behind their names."""
    given = list(values.values())
    common = max(given, key=given.count)
    elsewhere = {}
    for abi, value in values.items():
        if value != common:
            elsewhere.setdefault(value, []).append(abi)
    others = ",".join(
        "%s=%s" % (set_to_text(some, list(values)), text_of(value, families))
        for value, some in elsewhere.items()
    )
    return "%s\t%s" % (text_of(common, families), others or "-")


def read_values(common, exceptions, abis):
    """{abi: value} of a row's two last columns, or of what stands in the vocabulary."""

    def number(text):
        return None if text == "-" else int(text, 0) & (1 << 64) - 1

    values = dict.fromkeys(abis, number(common))
    for part in exceptions:
        some, value = part.split("=")
        values.update(dict.fromkeys(text_to_set(some, abis), number(value)))
    return values


def by_hand(word, abis):
    """NAME=VALUE;ABIS=VALUE as a name and {abi: value}."""
    name, rest = word.split("=", 1)
    common, *exceptions = rest.split(";")
    return name, read_values(common, exceptions, abis)


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


class Data:
    """constants.tsv as it stands: {header: {name: {abi: value}}}, and each name's row."""

    def __init__(self, abis):
        self.by_header, self.rows, self.release = {}, {}, (0, 0)
        for line in open(DATA) if os.path.exists(DATA) else ():
            release = re.match(r"# from the headers of Linux (\d+)\.(\d+)$", line)
            if release:
                self.release = (int(release[1]), int(release[2]))
            if line.startswith("#"):
                continue
            families, name, header, common, others = line.rstrip("\n").split("\t")
            exceptions = others.split(",") if others != "-" else []
            self.rows[name] = "%s\t%s" % (common, others)
            self.by_header.setdefault(header, {})[name] = read_values(common, exceptions, abis)

    def write(self, rows, release):
        """Puts ROWS in its place, and says what they change."""
        for _, name, _, row in rows:
            if name not in self.rows:
                print("%s: new, %s" % (name, row))
            elif self.rows[name] != row:
                print("%s: was %s, is %s" % (name, self.rows[name], row))
        for name in self.rows.keys() - {row[1] for row in rows}:
            print("%s: gone from the vocabulary" % name)
        with open(DATA + ".tmp", "w") as out:
            out.write("# families\tname\theader\tvalue\tvalues elsewhere\n")
            out.write("# from the headers of Linux %d.%d\n" % release)
            for row in rows:
                out.write("\t".join(row) + "\n")
        os.rename(DATA + ".tmp", DATA)


def release_of(all_headers):
    """The one release that the headers are of: of several, the data would be of neither."""
    releases = {abi: h.release() for abi, h in all_headers.items() if h.present}
    for abi in all_headers:
        if abi not in releases:
            print("%s: no headers here, it keeps its values" % abi)
    if len(set(releases.values())) != 1:
        sys.exit("headers of different releases: %s" % (releases or "none"))
    return next(iter(releases.values()))


class Reader:
    """The values of the vocabulary's names on all ABIs."""

    def __init__(self, all_headers, old):
        self.all, self.old = all_headers, old
        self.release = release_of(all_headers)

    def on_each(self, function):
        """{abi: FUNCTION of its headers}, where those are here."""
        here = [h for h in self.all.values() if h.present]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(zip((h.abi for h in here), pool.map(function, here)))

    def names(self, headers):
        """{header: names that it brings on any ABI}"""
        found = self.on_each(lambda h: h.names(headers)).values()
        return {h: list(dict.fromkeys(name for by_header in found for name in by_header[h])) for h in headers}

    def values(self, wanted):
        """{name: {abi: value}} of WANTED, {header: names}."""
        found = self.on_each(lambda h: h.values(wanted))
        older = self.release < self.old.release
        result = {}
        for header, name in ((header, name) for header in wanted for name in wanted[header]):
            result[name] = values = dict.fromkeys(self.all)
            before = self.old.by_header.get(header, {}).get(name, values)
            for abi in self.all:
                if abi in found and name in found[abi][header]:
                    values[abi] = found[abi][header][name]
                elif abi not in found or older:
                    values[abi] = before[abi]
        return result


def read_vocabulary():
    """Its rows, as (families, header, words)."""
    for line in open(VOCABULARY):
        if not line.startswith("#") and line.strip():
            families, header, words = line.rstrip("\n").split("\t")
            yield families, header, words.split()


def make_rows(reader):
    """The rows of the data that the vocabulary makes."""
    vocabulary = list(read_vocabulary())
    known = reader.names(list(dict.fromkeys(row[1] for row in vocabulary if row[1] != "-")))
    used, wanted, plan, values = set(), {}, [], {}
    for families, header, words in vocabulary:
        if header == "-":
            given = dict(by_hand(word, list(reader.all)) for word in words)
            names = [name for name in given if name not in used]  # else a header has it by now
            values.update((name, given[name]) for name in names)
        else:
            names = list(expand(words, known[header], used, reader.old.by_header.get(header, {})))
            wanted.setdefault(header, []).extend(names)
        used.update(names)
        plan += [(families, name, header) for name in names]
    values.update(reader.values(wanted))
    rows = []
    for families, name, header in plan:
        if any(v is not None for v in values[name].values()):
            rows.append((families, name, header, row_of(values[name], families)))
        else:
            print("%s: %s has it, but not as a number" % (name, header))
    return rows


def main():
    all_headers = read_headers()
    old = Data(list(all_headers))
    reader = Reader(all_headers, old)
    old.write(make_rows(reader), max(reader.release, old.release))


main()
