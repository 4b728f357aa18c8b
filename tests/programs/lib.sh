# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the programs' files and the tests over them share. Source it behind tests/lib.sh.

# shellcheck disable=SC2154 # top_srcdir is set by tests/lib.sh, scratch by make_scratch
programs_here=$top_srcdir/tests/programs
programs="bash busybox curl dash find gcc git grep make mawk memcached nginx node openssl perl
	postgres python redis rsync sort sqlite3 ssh-keygen tar xz"

# each_program DO NAME...: calls DO with each name, or with all programs, in a shell of its own, in the
# program's folder. Says which failed, and fails the test; skips it where no program is here.
each_program() {
	programs_do=$1
	programs_good=0
	programs_bad=
	shift
	# shellcheck disable=SC2086 # a list
	[ $# -gt 0 ] || set -- $programs
	for program; do
		(program_load "$program" || exit 77
		$programs_do "$program" || exit 1)
		case $? in
		0) programs_good=$((programs_good + 1)) ;;
		77) ;;
		*) programs_bad="$programs_bad $program" ;;
		esac
	done
	[ -z "$programs_bad" ] || fail "not so:$programs_bad"
	[ $programs_good -gt 0 ] || skip "none of the programs is installed"
}

# program_load NAME: its functions, in a folder of its own, made ready. False where it is not here.
program_load() {
	# shellcheck disable=SC1090
	. "$programs_here/$1.sh"
	# shellcheck disable=SC2086,SC2154 # wants is a list, which the file sets
	for program_command in $wants; do
		command -v "$program_command" >/dev/null || {
			echo "$1: left out, $program_command is not installed"
			return 1
		}
	done
	mkdir -p "$scratch/$1" && cd "$scratch/$1" || exit 1
	(prepare) >prepare.log 2>&1 || {
		cat prepare.log
		fail "$1 cannot be prepared"
	}
}

# serve READY WORK COMMAND...: runs a server through COMMAND, does WORK once READY is true, and ends
# it with SIGTERM. False where either fails or the server ends badly.
serve() {
	serve_ready=$1
	serve_work=$2
	shift 2
	"$@" >server.log 2>&1 &
	serve_job=$!
	serve_status=1
	for _ in $(seq 200); do
		if $serve_ready >/dev/null 2>&1; then
			serve_status=0
			break
		fi
		kill -0 $serve_job 2>/dev/null || break
		sleep 0.1
	done
	if [ $serve_status -eq 0 ]; then
		$serve_work >>work.log 2>&1 || serve_status=2
	fi
	kill -TERM $serve_job 2>/dev/null
	wait $serve_job
	serve_end=$?
	[ $serve_end -eq "${serve_expected:-0}" ] || serve_status=3
	[ $serve_status -eq 0 ] || {
		echo "server: status $serve_status, ended with $serve_end"
		tail -n 5 server.log work.log
	}
	return $serve_status
}

# A port on loopback that nobody listens on.
port_free() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
