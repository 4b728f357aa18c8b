# SPDX-License-Identifier: Apache-2.0
"""Policies made to take time, memory or stack: each is compiled, or refused with a message, soon.

`soon` is far above what any of them takes (a second or so), and far below what it takes to try
everything: a test that is about hanging must not hang upon a busy machine.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time

SECONDS = 60
BYTES = 1 << 30
HEAD = "default deny EPERM;\n"
ACTIONS = ("allow", "deny 5", "kill process")


def repeated(count, make, between=""):
    return between.join(make(i) for i in range(count))


def masked(random, i=0):
    """A test of many bits, hardly ever the same mask twice."""
    mask = random.getrandbits(32) | 1
    return "(request & 0x%x) == 0x%x" % (mask, mask & random.getrandbits(32))


def ranges(random, count, bits, length):
    starts = (random.getrandbits(bits) for _ in range(count))
    return ",".join("0x%x..0x%x" % (at, at + random.getrandbits(length)) for at in starts)


def policies(random):
    """(name, text, exit status)."""
    yield "every pair of bits", HEAD + "allow semget where %s;" % repeated(
        24, lambda i: "(key & 0x%x || nsems & 0x%x)" % (1 << i, 1 << i), " && "
    ), 2
    yield "overlapping masks, any", HEAD + "allow ioctl where %s;" % repeated(
        400, lambda i: masked(random), " || "
    ), 0
    yield "overlapping masks, all", HEAD + "allow ioctl where !(%s);" % repeated(
        400, lambda i: masked(random), " || "
    ), 0
    yield "rules with a mask each", HEAD + repeated(
        5000, lambda i: "%s ioctl where %s;\n" % (ACTIONS[i % 3], masked(random))
    ), 2
    yield "rules with falling masks", HEAD + repeated(
        20000,
        lambda i: "%s ioctl where (request & 0x%x) == 1;\n" % (ACTIONS[i % 3], 0xFFFFFFFF - 2 * i),
    ), 2
    yield "expectation behind masks", HEAD + "allow ioctl where %s;\nexpect allow ioctl;" % (
        repeated(60, lambda i: masked(random), " || ")
    ), 1
    yield "one rule, often", HEAD + "log dup;\n" * 4096, 0
    yield "one rule, too often", HEAD + "log dup;\n" * 80000, 2
    yield "one call, too often", HEAD + "log %s;" % ",".join(["dup"] * 99000), 2
    yield "steps", HEAD + repeated(
        24000, lambda i: "%s dup where fildes <= %d;\n" % (ACTIONS[i % 3], i)
    ), 2
    yield "what nothing reaches", HEAD + "log dup;\n" + repeated(
        27000, lambda i: "deny 5 dup where fildes == %d;\n" % i
    ), 2
    yield "ranges that overlap", HEAD + "allow ioctl where request in {%s};" % ranges(
        random, 20000, 31, 12
    ), 2
    yield "wide ranges", HEAD + "allow pread64 where offset in {%s};" % ranges(
        random, 20000, 62, 40
    ), 2
    yield "masked wide set", HEAD + "allow pread64 where (offset & 0x%x) in {%s};" % (
        0x5555555555555555,
        repeated(20000, lambda i: "%d" % (random.getrandbits(64) & 0x5555555555555555), ","),
    ), 2
    yield "groups that double", HEAD + "group @g0 { read; write where fd == 0; }\n" + repeated(
        30, lambda i: "group @g%d { @g%d; @g%d; }\n" % (i + 1, i, i)
    ) + "allow @g30;", 2
    yield "sets that double", HEAD + "let s0 = { 1, 2, 3 };\n" + repeated(
        40, lambda i: "let s%d = { s%d, s%d };\n" % (i + 1, i, i)
    ) + "allow read where fd in s40;", 2
    yield "names on names", HEAD + "let a0 = 1;\n" + repeated(
        40000, lambda i: "let a%d = a%d + 1;\n" % (i + 1, i)
    ) + "allow read where fd == a40000;", 0
    yield "not, not", HEAD + "allow read where %sfd == 1%s;" % ("!(" * 990, ")" * 990), 0
    yield "minus, minus", HEAD + "allow read where fd == %s1;" % ("-" * 200000), 2
    yield "any, often", HEAD + "allow any socket where domain == 1;\n" * 4096, 0
    yield "any, too often", HEAD + "allow any socket where domain == 1;\n" * 20000, 2
    yield "expectations", HEAD + "log ioctl where cmd in {%s};\n%s" % (
        repeated(1000, lambda i: "%d" % (3 * i), ","), "expect log ioctl(_,3);\n" * 30000
    ), 0


def most_memory():
    """Bytes that the largest process so far had at once; a limit would also count what is reserved."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def main():
    pale = os.environ.get("PALE", "./pale")
    sanitized = os.environ.get("SANITIZERS") == "yes"  # which is slower and larger
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "hostile.pale")
        for name, text, status in policies(random.Random(1)):
            with open(source, "w", encoding="ascii") as file:
                file.write(text)
            command = [pale, "compile", "-o", "/dev/null"]
            command += ["--arch", "all", source]
            start = time.monotonic()
            try:
                done = subprocess.run(
                    command, capture_output=True, check=False,
                    timeout=SECONDS * (5 if sanitized else 1),
                )
            except subprocess.TimeoutExpired:
                print("FAIL: %s: takes forever" % name)
                bad += 1
                continue
            print("%5.1f s  %s" % (time.monotonic() - start, name))
            if not sanitized and most_memory() > BYTES:
                print("FAIL: %d bytes of memory" % most_memory())
                return 1
            if done.returncode != status or status and b"error: " not in done.stderr:
                print("FAIL: exit status %d: %r" % (done.returncode, done.stderr[-1000:]))
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
