# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the end-to-end tests share: a program is profiled, a policy generated from the recording,
# and the program run behind it. With --show a test tells what it does, for people: ./dev demo.

show=
[ "${1:-}" = --show ] && show=1

say() {
	if [ -z "$show" ]; then
		echo "== $*"
	elif [ -t 1 ]; then
		printf '\n\033[1m%s\033[0m\n' "$*"
	else
		printf '\n%s\n' "$*"
	fi
}

pale() {
	"$PALE" "$@"
}

# Runs a command that must succeed, and shows it as one would type it.
must() {
	echo "\$ $*"
	"$@" || fail "status $? of $*"
}

show_file() {
	[ -z "$show" ] || { echo "\$ cat $1"; cat "$1"; }
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# wait_for PID WHAT EXPECTED: ends with FAIL where the program does not end so. What at_exit() was
# to end is gone then.
wait_for() {
	wait "$1"
	status=$?
	at_exit_code=
	[ $status -eq "$3" ] || fail "$2 ended with status $status, not $3"
}

# The same policy, but whatever it denies kills the process at once: no denial can go unseen.
deadly() { # policy
	sed -E 's/^([[:blank:]]*)(default|unknown|foreign)[[:blank:]][^;]*;/\1\2 kill process;/
		s/^([[:blank:]]*)((expect )?)deny[[:blank:]]+[A-Z0-9]+[[:blank:]]/\1\2kill process /' "$1"
}

# A program without libc: makes the calls that its arguments name and prints what each answered.
build_probe() { # output
	command -v "${CC%% *}" >/dev/null || skip "no C compiler for the probe"
	$CC -std=gnu11 -O1 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pie -no-pie \
		-o "$1" "$top_srcdir/tests/e2e/probe.c" || fail "the probe does not compile"
}
