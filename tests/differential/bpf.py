# SPDX-License-Identifier: Apache-2.0
"""Runs a seccomp filter, by the manual of classic BPF (Documentation/networking/filter.rst).

Only what a compiler of policies has a use for: another instruction is an error.
"""

import struct

LOAD, AND, JUMP, EQUAL, GREATER, GREATER_EQUAL, SET, RETURN = range(8)
_OPCODES = {
    0x20: LOAD,  # ld [k]
    0x54: AND,  # and #k
    0x05: JUMP,  # ja
    0x15: EQUAL,
    0x25: GREATER,
    0x35: GREATER_EQUAL,
    0x45: SET,
    0x06: RETURN,  # ret #k
}


def decode(raw, big_endian):
    """The instructions of a file of struct sock_filter, with absolute targets."""
    program = []
    layout = ">HBBI" if big_endian else "<HBBI"
    for at, (code, yes, no, k) in enumerate(struct.iter_unpack(layout, raw)):
        kind = _OPCODES[code]
        if kind == LOAD:
            assert k % 4 == 0 and k < 64
            program.append((kind, k // 4, 0, 0))
        elif kind == JUMP:
            program.append((kind, at + 1 + k, 0, 0))
        else:
            program.append((kind, k, at + 1 + yes, at + 1 + no))
    assert 0 < len(program) <= 4096
    return program


def run(program, words):
    """The answer for struct seccomp_data as 16 words, in the order of its bytes."""
    a = 0
    at = 0
    while True:
        kind, k, yes, no = program[at]
        at += 1
        if kind == LOAD:
            a = words[k]
        elif kind == EQUAL:
            at = yes if a == k else no
        elif kind == GREATER_EQUAL:
            at = yes if a >= k else no
        elif kind == RETURN:
            return k
        elif kind == AND:
            a &= k
        elif kind == SET:
            at = yes if a & k else no
        elif kind == GREATER:
            at = yes if a > k else no
        else:
            at = k
