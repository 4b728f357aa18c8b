# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What test scripts share. The makefile gives: PALE and PALE_RUN (the programs under test),
# top_srcdir and top_builddir (absolute), CC, CLANG, CLANG_FORMAT, SANITIZERS (yes or no).
# A test run by hand finds a build in ./build.

lib_here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=${top_srcdir:-$(cd "$lib_here" && while [ ! -e configure.ac ] && [ "$PWD" != / ]; do
	cd ..; done && pwd)}
top_builddir=${top_builddir:-$top_srcdir/build}
PALE=${PALE:-$top_builddir/pale}
PALE_RUN=${PALE_RUN:-$top_builddir/pale-run}
CC=${CC:-gcc}
export PALE PALE_RUN

# The test cannot run here, because of $*: automake shows it as skipped.
skip() {
	echo "SKIP: $*"
	exit 77
}

# The test has found that $*.
fail() {
	echo "FAIL: $*"
	exit 1
}

# needs PROGRAM...: skips where one of them is not installed.
needs() {
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# recording_whole FILE: the runs of a recording as JSON, each call in its place, for jq.
recording_whole() {
	PYTHONPATH=$top_srcdir/tests python3 -B -c 'import json, sys, recording
json.dump({"runs": recording.load(sys.argv[1])}, sys.stdout)' "$1"
}

# A folder of the test's own in $scratch, gone when the test ends; at_exit CODE runs before that.
scratch=
at_exit_code=
make_scratch() {
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/pale-test.XXXXXX")
	# shellcheck disable=SC2154 # the trap sets status itself
	trap 'status=$?; eval "$at_exit_code"; rm -rf "$scratch"; exit $status' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
at_exit() {
	at_exit_code="$1; $at_exit_code"
}

# Skips where the tree is an unpacked tarball, in which files stand that tools have made.
needs_repository() {
	[ -e "$top_srcdir/.git" ] || skip "this is no git checkout"
	needs git
}

# The repository's own files whose names match the shell patterns, from its root, one a line.
source_files() {
	(
		cd "$top_srcdir" || exit 1
		if [ -e .git ] && command -v git >/dev/null; then
			git -c safe.directory='*' ls-files -- "$@" | while read -r name; do
				[ -e "$name" ] && echo "$name"
			done
			exit
		fi
		# In an unpacked tarball all files are the repository's, but for what was built here.
		for pattern; do
			find . \( -path './build/*' -o -path './_*' -o -path './autom4te.cache' \) \
				-prune -o -type f -name "${pattern##*/}" -print | sed 's|^\./||'
		done | sort
	)
}
