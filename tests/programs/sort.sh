# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="sort"
subject=/usr/bin/sort
prepare() { seq 200000 | tac >numbers; }
one() { "$@" sort --parallel=4 -n -o out numbers && [ "$(head -n 1 out)" = 1 ]; }
two() { "$@" sort --parallel=2 -S 200k -T . -u -r --compress-program=gzip -k 1.2 numbers | head -n 1 >/dev/null && "$@" sort -c -n out && ! "$@" sort -m /nowhere 2>/dev/null; }
