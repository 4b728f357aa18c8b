# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the tests of pale-run share, behind tests/lib.sh. All files stand in $scratch, which every
# user can read, so that the same bundle can be tried as root and as nobody.

probe_built=$top_builddir/tests/kernel/shim_probe

shim_setup() {
	make_scratch
	chmod 755 "$scratch"
	cp "$PALE_RUN" "$scratch/pale-run"
	cp "$probe_built" "$scratch/probe"
	cd "$scratch" || exit 1
	bad=0
}

# bundle NAME [RULES] SANDBOX: compiles a policy that allows all but for RULES.
bundle() {
	if [ $# -eq 2 ]; then set -- "$1" '' "$2"; fi
	{
		echo 'default allow; unknown deny ENOSYS; foreign kill process;'
		echo "$2"
		[ -z "$3" ] || echo "sandbox { $3 }"
	} >"$1.pale"
	"$PALE" compile -o "$1.bundle" "$1.pale" || fail "cannot compile $1.pale"
	chmod 644 "$1.bundle"
}

# Some users can make a user namespace only as root, or not at all.
user_namespaces() {
	$as unshare -U true 2>"$scratch/unshare.messages"
}

# expect WHAT STATUS OUTPUT COMMAND...: output on both descriptors, by a shell pattern.
expect() {
	what=$1 wanted=$2 pattern=$3
	shift 3
	got=$("$@" 2>&1)
	status=$?
	[ "$status" -eq "$wanted" ] || wrong "$what: status $status, not $wanted; it said: $got"
	# shellcheck disable=SC2254 # a pattern it is
	case $got in
	$pattern) ;;
	*) wrong "$what: it said '$got', not '$pattern'" ;;
	esac
}

wrong() {
	echo "$*"
	bad=1
}

shim_end() {
	[ $bad -eq 0 ] || fail "$*"
}

# check_program FILE NAME: small, static, and with no page to write and to execute.
check_program() {
	size=$(wc -c <"$1")
	echo "$2: $size bytes"
	[ "$size" -lt 32768 ] || fail "$2 has $size bytes, and may have fewer than 32768"
	if command -v readelf >/dev/null; then
		! readelf -lW "$1" | grep -E 'INTERP|DYNAMIC' || fail "$2 is not static"
		! readelf -lW "$1" | grep -E 'LOAD.* RWE|GNU_STACK.* RWE' || fail "$2 has pages to write and to execute"
		readelf -lW "$1" | grep -q GNU_STACK || fail "$2 does not say that its stack is not to execute"
	fi
}
