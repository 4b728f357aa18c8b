# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Containers that enforce an exported profile over the host's own files, network and processes:
# nothing but the profile (and no_new_privs) stands between the program and the host. Source it
# behind tests/lib.sh, with $scratch made. Needs root.
#	runc_contain PROFILE COMMAND...    an OCI or docker profile
#	lxc_contain PROFILE COMMAND...     an LXC profile
# run the command in the foreground and give its exit status. Each runs in a mount namespace of its
# own, so that nothing stays mounted.

# skips where RUNTIME (runc or lxc) cannot run here.
contain_needs() { # runtime
	[ "$(id -u)" -eq 0 ] || skip "containers need root"
	needs unshare jq
	case $1 in
	runc) needs runc ;;
	lxc) needs lxc-execute ;;
	esac
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
}

contain_count=0
contain_prepare() {
	contain_count=$((contain_count + 1))
	contain_name=pale-$$-$contain_count
	# shellcheck disable=SC2154 # by make_scratch
	contain=$scratch/$contain_name
	mkdir -p "$contain/root"
}

# contain_enter COMMAND...: with the host's files at $contain/root as well, but for its /dev, which the
# engines fill as they like: they would replace /dev/ptmx, and the host would have no terminals any more.
contain_enter() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount --make-rprivate / && mount --rbind / "$1" &&
		mount -t tmpfs -o mode=755 dev "$1/dev" &&
		cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$1/dev" &&
		mkdir "$1/dev/pts" "$1/dev/shm" && ln -s /proc/self/fd "$1/dev/fd" && shift && exec "$@"' \
		sh "$contain/root" "$@"
}

# The profile goes into the configuration as it is: jq would round its large numbers.
runc_config() { # profile command...
	profile=$1
	shift
	all='["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_SETGID","CAP_SETUID",
		"CAP_NET_BIND_SERVICE","CAP_SYS_CHROOT","CAP_SYS_NICE"]'
	cat <<-END
		{
			"ociVersion": "1.0.2",
			"process": {
				"user": {"uid": 0, "gid": 0},
				"args": $(jq -nc '$ARGS.positional' --args -- "$@"),
				"env": ["PATH=$PATH"],
				"cwd": $(jq -nc '$ARGS.positional[0]' --args -- "$PWD"),
				"noNewPrivileges": true,
				"capabilities": {"bounding": $all, "effective": $all, "permitted": $all}
			},
			"root": {"path": "$contain/root"},
			"linux": {
				"namespaces": [{"type": "mount"}],
				"seccomp": $(cat "$profile")
			}
		}
	END
}

runc_contain() { # profile command...
	contain_prepare
	runc_config "$@" >"$contain/config.json"
	contain_enter runc --log "$contain/log" --root "$contain/state" run -b "$contain" \
		"$contain_name"
}

lxc_contain() { # profile command...
	contain_prepare
	mkdir -p "$contain/path"
	cat >"$contain/config" <<-END
		lxc.rootfs.path = dir:$contain/root
		lxc.namespace.keep = net pid ipc user
		lxc.autodev = 0
		lxc.mount.auto =
		lxc.console.path = none
		lxc.tty.max = 0
		lxc.pty.max = 1
		lxc.no_new_privs = 1
		lxc.seccomp.profile = $1
		lxc.log.level = INFO
		lxc.log.file = $contain/log
	END
	shift
	# A start that fails can hang, and then listens to no signal.
	contain_status=0
	contain_enter timeout -s KILL "${CONTAIN_SECONDS:-120}" lxc-execute -n "$contain_name" \
		-P "$contain/path" -f "$contain/config" -- "$@" || contain_status=$?
	# liblxc leaves its control groups behind where the program was not in a namespace of its own.
	find /sys/fs/cgroup -depth -maxdepth 3 -type d -name "lxc.*.$contain_name" \
		-exec rmdir {} + 2>/dev/null
	return $contain_status
}
