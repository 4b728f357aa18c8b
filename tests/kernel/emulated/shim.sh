# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run and guest.sh set what these read
# pale-run inside an emulated machine, as each of its ABIs.

# bundle NAME POLICY ABIS: the bundle $root/NAME.
bundle() {
	"$PALE" compile --arch "$3" -o "$root/$1" "$here/policies/$2.pale" 2>"$scratch/messages" || {
		cat "$scratch/messages"
		fail "cannot compile $2.pale for $3"
	}
}

# An ABI of another family of machines.
shim_other() {
	case $abis in
	*x86*) echo arm ;;
	*) echo x86 ;;
	esac
}

shim_bundles() {
	all=$(echo "$abis" | tr ' ' ,)
	bundle plain plain "$("$top_srcdir/build-aux/toolchains.sh" --list | paste -sd, -)"
	bundle sandbox sandbox "$all"
	bundle user user "$all"
	bundle own plain "${abis%% *}"
	bundle other plain "$(shim_other)"
	case $machine in
	mipsel*) bundle swapped plain mips64,mips ;;
	mips*) bundle swapped plain mipsel64,mipsel ;;
	*) bundle swapped plain mips ;;
	esac
}

shim_trials() { # abi signal
	run=/bin/pale-run.$1
	subject=/bin/subject.$1
	guest 'exit 7' '' "$run" /plain "$subject" exit 7
	guest 'exit 0' 'a --b' "$run" /plain "subject.$1" echo a --b
	guest 'exit 0' 'getppid -3002' "$run" /plain "$subject" getppid
	guest "signal $2" '' "$run" /plain "$subject" swapon
	guest 'exit 127' "pale-run: exec: cannot find '/bin/none' (ENOENT)" "$run" /plain /bin/none
	guest 'exit 126' 'pale-run: exec: *(EACCES)*' "$run" /plain /plain
	guest 'exit 125' 'pale-run: arguments: no command*' "$run" /plain
	guest 'exit 0' "pid 2 uid 0 gid 0 host inside nofile 64 as 1073741824 CapEff 0000000000040001 \
CapBnd 0000000000040001 NoNewPrivs 1 Seccomp 2" "$run" /sandbox "$subject" facts
	guest 'exit 9' '' "$run" /sandbox "$subject" exit 9
	guest "exit $((128 + $2))" '' "$run" /sandbox "$subject" swapon
	guest 'exit 0' "pid 2 uid 5 gid 6 * CapEff 0000000000000000 * Seccomp 2" \
		"$run" /user "$subject" facts
	guest 'exit 125' "pale-run: bundle: it has no filter for this machine*$(shim_other)*" \
		"$run" /other "$subject" exit 0
	guest 'exit 125' 'pale-run: bundle: it has no filter for this machine*' \
		"$run" /swapped "$subject" exit 0
}

# A program of another ABI than the filter's is killed; pale-run as such a one sees it before.
shim_foreign() { # abi signal
	guest "signal $2" '' "/bin/pale-run.${abis%% *}" /own "/bin/subject.$1" exit 0
	guest 'exit 125' 'pale-run: bundle: *serves other ABIs*' \
		"/bin/pale-run.$1" /own "/bin/subject.$1" exit 0
}

# The small kernels stand beside their configurations, and most were built without time namespaces. Of
# other kernels it is not known.
shim_without_time() { # abi
	case ${PALE_KERNEL_ROUTES:-1} in
	*1*) ;;
	*) return 0 ;;
	esac
	config=${PALE_KERNELS:-$top_srcdir/../shared/kernels}/config.${kernel%%.*}
	[ -e "$config" ] && ! grep -q '^CONFIG_TIME_NS=y' "$config" || return 0
	[ -e "$root/time" ] || bundle time time "$all"
	guest 'exit 125' \
		'pale-run: namespaces: this kernel has no time namespaces (it lacks CONFIG_TIME_NS) (EINVAL)' \
		"/bin/pale-run.$1" /time "/bin/subject.$1" exit 0
}

shim_prepare() {
	make -s -C "$top_builddir" cross >"$scratch/messages" 2>&1 || {
		cat "$scratch/messages"
		fail "cannot build pale-run for other machines"
	}
	shim_bundles
	for abi in $abis; do
		case $abi in
		x32) continue ;; # Debian's kernel starts none of its programs
		mips*) signal=12 ;;
		*) signal=31 ;;
		esac
		cp "$top_builddir/cross/$abi/pale-run" "$root/bin/pale-run.$abi"
		if [ "$machine" = bare ]; then
			guest 'exit 125' 'pale-run: *CONFIG_SECCOMP*' \
				"/bin/pale-run.$abi" /plain "/bin/subject.$abi" exit 0
			guest 'exit 125' 'pale-run: *CONFIG_SECCOMP*' \
				"/bin/pale-run.$abi" /sandbox "/bin/subject.$abi" exit 0
			continue
		fi
		shim_trials "$abi" $signal
		shim_without_time "$abi"
		[ "$abi" = "${abis%% *}" ] || shim_foreign "$abi" $signal
	done
}
