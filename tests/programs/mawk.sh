# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="mawk"
subject=/usr/bin/mawk
prepare() { seq 1000 >numbers; }
one() { [ "$("$@" mawk '{ s += $1 } END { print s }' numbers)" = 500500 ]; }
two() {
	"$@" mawk 'BEGIN { while (("echo a b" | getline l) > 0) print l | "sort"; close("sort"); srand(); system("true"); print rand() >"rand.out"; close("rand.out"); getline x <"rand.out"; exit x == "" }' >/dev/null
}
