# SPDX-License-Identifier: Apache-2.0
"""Programs for x86_64 whose dynamic sections no linker would make: static_elf.py KIND FILE."""
import struct
import sys

LOAD, DYNAMIC, INTERPRETER = 1, 2, 3
NEEDED, STRTAB, SYMTAB, STRSZ, SONAME, RPATH, RUNPATH, HASH = 1, 5, 6, 10, 14, 15, 29, 4
HEADER, SEGMENT, PAGE = 64, 56, 0x1000
GETPID, EXIT = 39, 60
MMAP, GETPPID, PTRACE, MOUNT = 9, 110, 101, 165


def program(entries, strings, interpreter=None, end=True, symbols=(), length=None,
            calls=(GETPID, EXIT)):
    """ENTRIES are (tag, value) of the dynamic section, STRINGS its strings; END: with DT_NULL."""
    # mov $NUMBER, %eax; syscall; and hlt behind the last
    code = b"".join(b"\xb8" + struct.pack("<I", call) + b"\x0f\x05" for call in calls) + b"\xf4"
    count = 2 + (interpreter is not None)
    code_at = HEADER + 3 * SEGMENT
    text = interpreter or b""
    text_at = code_at + len(code)
    strings_at = text_at + len(text)
    symbols_at = -(-(strings_at + len(strings)) // 8) * 8
    table = b"\0" * 24
    for name, address in symbols:
        table += struct.pack("<IBBHQQ", name, 0x12, 0, 1, address or code_at, len(code))
    hash_at = symbols_at + len(table)
    hashes = struct.pack("<II", 0, 1 + len(symbols))
    dynamic_at = hash_at + len(hashes)
    entries = [(STRTAB, strings_at), (STRSZ, len(strings)), (SYMTAB, symbols_at),
               (HASH, hash_at)] + list(entries)
    dynamic = b"".join(struct.pack("<QQ", tag, value) for tag, value in entries)
    if end:
        dynamic += b"\0" * 16
    total = dynamic_at + len(dynamic)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 3, 62, 1, code_at, HEADER, 0, 0,
                         HEADER, SEGMENT, count, 0, 0, 0)
    def segment(kind, at, size):
        return struct.pack("<IIQQQQQQ", kind, 5, at, at, at, size, size, PAGE)
    segments = segment(LOAD, 0, total) + segment(DYNAMIC, dynamic_at, len(dynamic))
    if interpreter is not None:
        segments += segment(INTERPRETER, text_at, len(text))
    data = (header + segments).ljust(code_at, b"\0") + code + text + strings
    return (data.ljust(symbols_at, b"\0") + table + hashes + dynamic)[:length]


def overlapping(tag, count, length):
    """COUNT strings of LENGTH bytes each, all in one."""
    return program([(tag, 1 + i) for i in range(count)], b"\0" + b"n" * (length + count) + b"\0")


def names(count, length=0):
    """COUNT libraries, each with a name of its own."""
    strings, entries = b"\0", []
    for i in range(count):
        entries.append((NEEDED, len(strings)))
        strings += (b"lib%d.so" % i).ljust(length, b"x") + b"\0"
    return program(entries, strings)


def one(tag, string, **more):
    return program([(tag, 1)], b"\0" + string + b"\0", **more)


KINDS = {
    "good": lambda: one(NEEDED, b"libgone.so"),
    "many-long-names": lambda: overlapping(NEEDED, 1000, 20000),
    "many-names": lambda: names(1000, 255),
    "too-many-names": lambda: names(1025),
    "long-name": lambda: one(NEEDED, b"n" * 256),
    "long-path": lambda: one(NEEDED, b"/n" * 2048),
    "long-enough-name": lambda: one(NEEDED, b"n" * 255),
    "empty-name": lambda: one(NEEDED, b""),
    "name-outside": lambda: program([(NEEDED, 5000)], b"\0libgone.so\0"),
    "name-without-end": lambda: program([(NEEDED, 1)], b"\0libgone.so"),
    "long-soname": lambda: one(SONAME, b"n" * 256),
    "rpath-outside": lambda: program([(RPATH, 5000)], b"\0"),
    "runpath-outside": lambda: program([(RUNPATH, 5000)], b"\0"),
    "long-rpath": lambda: one(RPATH, b"/a:" * 30000),
    "long-runpath": lambda: one(RUNPATH, b"/a:" * 30000),
    "wide-rpath": lambda: program([(NEEDED, 1 + i) for i in range(250)] + [(RPATH, 300)],
                                  (b"\0" + b"n" * 250).ljust(300, b"\0") + b"a:" * 30000 + b"\0"),
    "long-section": lambda: program([(0x6FFFFFF0, 0)] * 5000 + [(NEEDED, 1)], b"\0libgone.so\0"),
    "section-without-end": lambda: one(NEEDED, b"libgone.so", end=False),
    "cut-section": lambda: one(NEEDED, b"libgone.so", length=-40),
    "long-interpreter": lambda: program([], b"\0", interpreter=b"/n" * 2048 + b"\0"),
    "long-symbol": lambda: program([], b"\0" + b"n" * 70000 + b"\0", symbols=[(1, 0)]),
    "overlapping-symbols": lambda: program([], b"\0" + b"n" * 60000 + b"\0",
                                           symbols=[(1 + i, 0) for i in range(50000)]),
    "dangers": lambda: program([], b"\0", calls=(GETPID, MOUNT, MMAP, PTRACE, GETPPID, EXIT)),
    "many-calls": lambda: program([], b"\0", calls=[GETPID] + list(range(1000, 6000))),
    "unknown-call": lambda: program([], b"\0", calls=(1000,)),
    "hostile-names": lambda: program(
        [(NEEDED, 1), (SONAME, 30)],
        b"\0lib\nallow ptrace;\n#.so".ljust(30, b"\0") + b"so\nallow mount;\n#\0" +
        b"f\nallow bpf;\n#\0", symbols=[(48, 0)]),
}

if __name__ == "__main__":
    with open(sys.argv[2], "wb") as file:
        file.write(KINDS[sys.argv[1]]())
