# SPDX-License-Identifier: Apache-2.0
"""The ABIs: what struct seccomp_data holds for each, read from the kernel's headers once more."""

import json
import subprocess

# linux/audit.h: a number of linux/elf-em.h with these bits.
_64BIT, _LE, _N32 = 0x80000000, 0x40000000, 0x20000000
_386, _MIPS, _PPC64, _S390, _ARM, _X86_64, _AARCH64, _RISCV, _LOONGARCH = (
    3, 8, 21, 22, 40, 62, 183, 243, 258
)
X32_BIT = 0x40000000  # asm/unistd.h: __X32_SYSCALL_BIT
ARM_PRIVATE = 0xF0000  # asm/unistd.h: __ARM_NR_BASE; what is above it is no newer call


class Abi:
    """Numbers begin at `base`. A pair of registers begins at an even one where `even` says so."""

    def __init__(self, name, family, audit_arch, bits=64, base=0, even=False):
        self.name = name
        self.family = family  # what one kernel runs: its ABIs share a filter
        self.audit_arch = audit_arch
        self.bits = bits  # of a register, as the kernel's entries read it
        self.base = base
        self.even = even
        self.big_endian = not audit_arch & _LE

    def owns(self, number, audit_arch):
        """Whether a call comes in by this ABI. x32 has x86_64's AUDIT_ARCH, and the upper numbers."""
        if audit_arch != self.audit_arch:
            return False
        return self.name not in ("x86_64", "x32") or (self.name == "x32") == (number >= X32_BIT)

    def low_word(self, register):
        """Which of the 16 words of struct seccomp_data has the lower half of a register."""
        return 4 + 2 * register + (1 if self.big_endian else 0)

    def high_word(self, register):
        return 4 + 2 * register + (0 if self.big_endian else 1)

    def newer(self, number):
        """Whether the number is one of those that grow with the releases."""
        return self.name != "arm" or number < ARM_PRIVATE


ABIS = {
    abi.name: abi
    for abi in (
        Abi("x86_64", "x86", _X86_64 | _64BIT | _LE),
        Abi("x86", "x86", _386 | _LE, bits=32),
        Abi("x32", "x86", _X86_64 | _64BIT | _LE, base=X32_BIT),
        Abi("arm", "arm", _ARM | _LE, bits=32, even=True),
        Abi("aarch64", "arm", _AARCH64 | _64BIT | _LE),
        Abi("mips", "mips", _MIPS, bits=32, base=4000, even=True),
        Abi("mipsel", "mipsel", _MIPS | _LE, bits=32, base=4000, even=True),
        Abi("mips64", "mips", _MIPS | _64BIT, base=5000),
        Abi("mipsel64", "mipsel", _MIPS | _64BIT | _LE, base=5000),
        Abi("mips64n32", "mips", _MIPS | _64BIT | _N32, base=6000),
        Abi("mipsel64n32", "mipsel", _MIPS | _64BIT | _LE | _N32, base=6000),
        Abi("riscv64", "riscv64", _RISCV | _64BIT | _LE),
        Abi("ppc64le", "ppc64le", _PPC64 | _64BIT | _LE),
        Abi("s390x", "s390x", _S390 | _64BIT),
        Abi("loongarch64", "loongarch64", _LOONGARCH | _64BIT | _LE),
    )
}
FAMILIES = {}
for _abi in ABIS.values():
    FAMILIES.setdefault(_abi.family, []).append(_abi.name)
# One policy after the other; families with several ways to pass arguments have more turns.
TURNS = (
    "x86", "arm", "mips", "mipsel", "riscv64", "s390x",
    "x86", "arm", "mips", "mipsel", "ppc64le", "loongarch64",
)


def missing(pale):
    """A line for each ABI of pale that nobody has read from the headers for this table yet."""
    listed = subprocess.run([pale, "list", "abis", "--json"], check=True, capture_output=True).stdout
    return [
        "%s has no row in tests/differential/abis.py: add it to ABIS, and its family to TURNS" % name
        for name in (abi["name"] for abi in json.loads(listed))
        if name not in ABIS or ABIS[name].family not in TURNS
    ]
