# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="xz"
subject=/usr/bin/xz
prepare() { seq 300000 >numbers; }
one() { "$@" xz -k -1 -f numbers && [ -s numbers.xz ]; }
two() { "$@" xz -T2 -9e --keep --force --block-size=100000 numbers && "$@" xz -t -v numbers.xz 2>/dev/null && "$@" xz -l numbers.xz >/dev/null && "$@" xz -dc numbers.xz | cmp -s - numbers; }
