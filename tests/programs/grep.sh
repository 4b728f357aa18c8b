# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="grep"
subject=/bin/grep
prepare() { mkdir -p d && seq 20000 >d/numbers && printf 'bin\0ary\n' >d/b && echo 199 >patterns; }
one() { [ "$("$@" grep -c 77 d/numbers)" -gt 100 ]; }
two() {
	"$@" grep -rn --color=always -C 2 -f patterns --include='n*' d >/dev/null &&
		"$@" grep -qaz ary d/b && ! "$@" grep -s x /nowhere d
}
