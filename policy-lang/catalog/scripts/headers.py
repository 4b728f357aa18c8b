# SPDX-License-Identifier: Apache-2.0
"""The headers of every ABI, as headers.tsv lists them, read by clang for that ABI.

No compiler of another machine is needed: clang reads any machine's headers, and what it makes of
constants is read as LLVM's own text, which is the same for every byte order. Starting clang costs
more than reading a header, so that all files of an ABI go to one process, which only the compiler
proper (cc1) does. A folder that does not begin with / stands in the one that PALE_HEADERS names;
doc/catalog.md says what belongs there.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def preamble(header):
    """HEADER may be several, in order: some use others without including them."""
    names = header.split()
    return "#if %s\n%s#else\n#error absent\n#endif\n" % (
        " && ".join("__has_include(<%s>)" % name for name in names),
        "".join("#include <%s>\n" % name for name in names),
    )


class Headers:
    """Those of one ABI."""

    def __init__(self, abi, target, folders):
        self.abi = abi
        self.target = target
        self.folders = [os.path.join(os.environ.get("PALE_HEADERS", ""), f) for f in folders]
        self.present = all(os.path.isabs(f) and os.path.isdir(f) for f in self.folders)

    def _compiler(self, *options):
        """The command by which clang's driver would compile one file, without the file."""
        own = subprocess.run(["clang", "-print-resource-dir"], check=True, capture_output=True, text=True)
        command = ["clang", "-###", "--target=" + self.target, "-nostdinc", "-D_GNU_SOURCE", "-w"]
        command += ["-ferror-limit=0", "-fno-caret-diagnostics", *options]
        for folder in [own.stdout.strip() + "/include"] + self.folders:
            command += ["-isystem", folder]
        said = subprocess.run(command + ["-x", "c", "/dev/null"], check=True, capture_output=True, text=True)
        return shlex.split(said.stderr.splitlines()[-1])[:-1]

    def compile(self, texts, *options):
        """Compiles TEXTS, {header: text to stand behind it}, without those that cannot be read.

        Returns what clang printed, {header: numbers of the text's lines with errors}, and the
        headers that are not there or do not compile.
        """
        keys, broken, compiler = list(texts), set(), self._compiler(*options)
        with tempfile.TemporaryDirectory() as folder:
            for i, header in enumerate(keys):
                with open(os.path.join(folder, "%d.c" % i), "w") as out:
                    out.write(preamble(header) + "#line 1\n" + texts[header])
            while True:
                files = ["%d.c" % i for i, header in enumerate(keys) if header not in broken]
                if not files:
                    return "", {}, broken
                run = subprocess.run(compiler + files, cwd=folder, capture_output=True, text=True)
                errors, lines, at = run.stderr, {}, None
                now = set()
                for line in errors.splitlines():
                    inside = re.match(r"In file included from (\d+)\.c:\d+:", line)
                    place = re.match(r"(?:(\d+)\.c|\S+):(\d+):\d+: (fatal )?error: (.*)", line)
                    at = inside[1] if inside else at
                    if not place:
                        continue
                    if place[1] and not place[3] and place[4] != "absent":
                        lines.setdefault(keys[int(place[1])], set()).add(int(place[2]))
                    else:
                        now.add(keys[int(place[1] or at)])
                if not now:
                    break
                broken |= now
        if run.returncode and not lines:
            sys.exit("%s: %s" % (self.abi, errors))
        return run.stdout, lines, broken

    def release(self):
        """The release of Linux that they are of, as (6, 1)."""
        known = self.values({"linux/version.h": ["LINUX_VERSION_CODE"]})
        version = known["linux/version.h"]["LINUX_VERSION_CODE"]
        return version >> 16, version >> 8 & 0xFF

    def names(self, headers):
        """{header: {macro without arguments or enumerator that it brings: True}, in its order}"""
        text, _, _ = self.compile(dict.fromkeys(headers, ""), "-E", "-dD", "-o", "-")
        parts = re.split(r'^# 1 "(\d+)\.c"\n', text, flags=re.M)[1:]
        found = {header: {} for header in headers}
        for index, part in zip(parts[::2], parts[1::2]):
            names = found[headers[int(index)]]
            for match in re.finditer(r"^#define (\w+)(?![\w(])|\benum\b[^{;()]*\{([^}]*)\}", part, re.M):
                if match[1]:
                    names[match[1]] = True
                    continue
                for item in re.sub(r"^#.*$", "", match[2], flags=re.M).split(","):
                    word = re.match(r"\s*(\w+)", item)
                    if word:
                        names[word[1]] = True
        return found

    def values(self, wanted):
        """{header: {name: value}} of those names of WANTED, {header: names}, that are integers."""
        wanted = {header: list(names) for header, names in wanted.items()}
        headers = list(wanted)

        def texts():
            return {
                header: "const unsigned long long pale_values_%d[] = {\n0,\n%s};\n"
                % (headers.index(header), "".join("(unsigned long long)(%s),\n" % n for n in names))
                for header, names in wanted.items()
            }

        lines = True
        while lines:
            _, lines, broken = self.compile(texts(), "-fsyntax-only")
            for header in broken:
                del wanted[header]
            for header, bad in lines.items():
                names = wanted[header]
                left = [n for i, n in enumerate(names) if i + 3 not in bad]
                if len(left) == len(names):
                    sys.exit("%s, %s: errors at other lines" % (self.abi, header))
                wanted[header] = left
        text, _, _ = self.compile(texts(), "-S", "-emit-llvm", "-o", "-")
        found = {header: {} for header in headers}
        for index, elements in re.findall(r"^@pale_values_(\d+) = .*constant \[\d+ x i64\] (.*)", text, re.M):
            header = headers[int(index)]
            numbers = [int(n) & (1 << 64) - 1 for n in re.findall(r"i64 (-?\d+)", elements)[1:]]
            if elements.startswith("zeroinitializer"):
                numbers = [0] * len(wanted[header])
            assert len(numbers) == len(wanted[header]), (self.abi, header)
            found[header] = dict(zip(wanted[header], numbers))
        return found


def read_headers():
    """{abi: Headers} in the order of the ABIs; those of some may not be installed."""
    found = {}
    with open(os.path.join(HERE, "headers.tsv")) as table:
        for line in table:
            if not line.startswith("#"):
                abi, target, folders, _ = line.rstrip("\n").split("\t")
                found[abi] = Headers(abi, target, folders.split())
    return found
