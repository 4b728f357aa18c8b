# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the tests of builds share, behind tests/lib.sh: pale installed as a package would have it, in a
# folder of its own, and found as programs that are built look for it.

[ "$SANITIZERS" != yes ] || skip "what is installed has sanitizers, which these programs have not"

# install_pale: into $scratch/root; the prefix there is $prefix.
install_pale() {
	make_scratch
	needs make pkg-config flock
	# By itself, whatever options the make has that runs the tests, and one at a time.
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u DESTDIR flock "$top_builddir/Makefile" \
		make -s -C "$top_builddir" install DESTDIR="$scratch/root" >"$scratch/install.log" 2>&1 || {
		cat "$scratch/install.log"
		fail 'make install'
	}
	prefix=$(dirname "$(dirname "$(find "$scratch/root" -path '*/bin/pale')")")
	[ -x "$prefix/bin/pale" ] || fail 'pale is not installed'
	# Not those of a build that is going on: each of these has its own.
	unset MAKEFLAGS MFLAGS MAKELEVEL CFLAGS LDFLAGS DESTDIR
	PATH=$prefix/bin:$PATH
	PKG_CONFIG_PATH=$(dirname "$(find "$scratch/root" -name pale.pc)")
	PKG_CONFIG_SYSROOT_DIR=$scratch/root
	LD_LIBRARY_PATH=$(dirname "$(find "$scratch/root" -name libpale.so)")
	export PATH PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH
	ACLOCAL_PATH=$(dirname "$(find "$scratch/root" -name pale.m4)")
	export ACLOCAL_PATH
}

# take EXAMPLE: a copy of it in $scratch, where the test goes on.
take() {
	cp -r "$top_srcdir/examples/$1" "$scratch/$1"
	chmod -R u+w "$scratch/$1"
	cd "$scratch/$1" || exit 1
}

# step NAME COMMAND...: shows what it said where it fails.
step() {
	step_name=$1
	shift
	"$@" >"$scratch/step.log" 2>&1 </dev/null || {
		cat "$scratch/step.log"
		fail "$step_name"
	}
}

# answers INPUT OUTPUT PROGRAM...: fenced, or it ends with another status than 0.
answers() {
	answers_input=$1 answers_wanted=$2
	shift 2
	answers_got=$(printf '%b' "$answers_input" | "$@" 2>&1) ||
		fail "$1 ended with status $?: $answers_got"
	[ "$answers_got" = "$answers_wanted" ] || fail "$1 said '$answers_got'"
}

# follows PROGRAM BUILD...: the build makes the program anew when what its policy includes changes.
follows() {
	follows_program=$1 policy=$2
	shift 2
	echo 'deny EACCES openat;' >more.pale
	sed -i 's/^deny EACCES openat;.*/include "more.pale";/' "$policy"
	step "the build with an include" "$@"
	answers '' "$("./$follows_program" </dev/null)" "./$follows_program"
	sleep 1
	echo 'deny ENOTTY openat;' >more.pale
	step "the build with another include" "$@"
	"./$follows_program" </dev/null >"$scratch/said" 2>&1 && fail "a change in an include is not seen"
	grep -q 'has a hole: Inappropriate ioctl' "$scratch/said" || fail "it said: $(cat "$scratch/said")"
}
