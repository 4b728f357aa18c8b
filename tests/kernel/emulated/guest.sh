# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154 # run sets what these read
# Building the file system of an emulated machine, booting it, and taking its output apart.
# $root is that file system; $root/script has the commands that its first process runs, and
# $scratch/expected, a line each, how they must end and what they must say.

bad=0
wrong() {
	echo "$*"
	bad=1
}

# The catalogue must know the ABIs, or there is no filter to try.
needs_catalogue() {
	echo 'default allow; deny EPERM getppid;' >"$scratch/small.pale"
	for abi in $abis; do
		"$PALE" compile --arch "$abi" -o "$scratch/small" "$scratch/small.pale" \
			2>"$scratch/messages" || {
			cat "$scratch/messages"
			skip "this pale cannot compile for $abi"
		}
	done
}

guest_compile() { # program abi source...
	program=$1 target=$2 kind=''
	shift 2
	# A program of x32 would need a kernel that runs it; its calls can be made by another.
	[ "$target" != x32 ] || target=x86_64 kind=-DRAW_X32
	compiler=$("$top_srcdir/build-aux/toolchains.sh" --compiler "$target" 2>"$scratch/messages") || {
		cat "$scratch/messages"
		skip "there is no compiler for $target"
	}
	# shellcheck disable=SC2086 # words
	(cd "$here" && $compiler $kind -std=gnu11 -O2 -Wall -Wextra -Werror -fmax-errors=5 -ffreestanding -fno-builtin \
		-fno-stack-protector -nostdlib -static -s -o "$program" guest.c "$@") ||
		fail "cannot compile $* for $target"
}

guest_prepare() {
	root=$scratch/root
	mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/bin"
	guest_compile "$root/init" "${abis%% *}" init.c
	for abi in $abis; do
		guest_compile "$root/bin/probe.$abi" "$abi" probe.c trials.c
		guest_compile "$root/bin/subject.$abi" "$abi" subject.c
	done
	: >"$root/script"
	: >"$scratch/expected"
}

# guest END PATTERN COMMAND...: what the machine shall run; END is `exit N` or `signal N`. The
# output is compared with a shell pattern, where blanks stand for line ends too.
guest() {
	printf '%s\t%s\n' "$1" "$2" >>"$scratch/expected"
	shift 2
	printf '%s\n' "$*" >>"$root/script"
}

# The same commands on this machine, with what init.c says between them.
host_run() {
	uname=$(uname -m)
	[ "$uname" = x86_64 ] || skip "this machine is $uname, whose programs are not tried without emulation"
	mkdir "$root/work"
	for abi in $abis; do
		(cd "$root/work" && "$root/bin/subject.$abi" exit 0) || skip "this kernel runs no $abi programs"
	done
	printf '\n= begin\n'
	while read -r program arguments; do
		arguments=$(echo " $arguments" | sed "s| /| $root/|g")
		# shellcheck disable=SC2086 # words
		(cd "$root/work" && exec "$root$program" $arguments </dev/null)
		echo "= exit $?"
	done <"$root/script"
	echo '= end'
}

# One machine at a time: several would make each other slow, and a limit of time unjust.
guest_boot() {
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$scratch/initramfs" ||
		fail "cannot make the initramfs"
	exec 9>"$top_builddir/emulated.lock"
	flock 9
	started=$(date +%s%N)
	# shellcheck disable=SC2086 # words
	timeout -k 5 180 $emulator -m "${memory:-256}" -nic none -vga none -nographic -no-reboot -monitor none -serial stdio \
		-kernel "$image" -initrd "$scratch/initramfs" \
		-append "console=$console loglevel=0 panic=-1" \
		</dev/null >"$scratch/console" 2>"$scratch/messages" 9>&-
	status=$?
	milliseconds=$((($(date +%s%N) - started) / 1000000))
	exec 9>&-
	tr -d '\r' <"$scratch/console" >"$scratch/log"
	[ -z "${KEEP:-}" ] || cp -r "$scratch/." "$KEEP"
	if ! grep -qx '= end' "$scratch/log"; then
		tail -n 20 "$scratch/log" "$scratch/messages"
		[ $status -ne 124 ] || fail "$machine did not end within 180 s"
		fail "$machine stopped before the end of its commands"
	fi
	echo "$machine: $((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000))) s from start to end"
}

# Compares each command's end and output with what was expected.
guest_judge() {
	sed '1,/^= begin$/d; /^= end$/,$d' "$scratch/log" | awk -v folder="$scratch" '
		BEGIN { n = 1 }
		/^= / { print substr($0, 3) >(folder "/end." n); n++; next }
		{ print >(folder "/out." n) }'
	n=0
	while IFS='	' read -r end pattern; do
		n=$((n + 1))
		command=$(sed -n "${n}p" "$root/script")
		got=$(cat "$scratch/end.$n" 2>/dev/null)
		said=$(tr '\n' ' ' 2>/dev/null <"$scratch/out.$n")
		said=${said% }
		[ "$got" = "$end" ] || wrong "$command: ended with '$got', not '$end'; it said: $said"
		# shellcheck disable=SC2254 # a pattern it is
		case $said in
		$pattern) ;;
		*) wrong "$command: it said '$said', not '$pattern'" ;;
		esac
	done <"$scratch/expected"
	echo "$machine: $n commands"
}
