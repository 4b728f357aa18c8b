# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run and guest.sh set what these read
# The eBPF tracer inside an emulated machine, with pale as it was built here: it must find what
# ptrace --exact finds, follow a control group and a process, and load in both of its ways.

# A program of this machine with its libraries.
ebpf_take() { # file place
	mkdir -p "$root$(dirname "$2")"
	cp "$1" "$root$2" || fail "cannot copy $1"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
		[ ! -e "$root$library" ] || continue
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

ebpf_script() { # name
	cat >"$root/bin/$1"
	chmod 755 "$root/bin/$1"
}

ebpf_prepare() {
	needs busybox ldd python3
	"$PALE" profile -q --tracer ebpf -o "$scratch/probe" -- true 2>"$scratch/messages" ||
		! grep -q 'was built without' "$scratch/messages" || return 0
	ebpf_take "$(command -v busybox)" /bin/busybox
	ebpf_take "$PALE" /bin/pale
	ebpf_take /bin/true /bin/true
	ebpf_take "$top_builddir/tests/kernel/test_ebpf_objects" /bin/test_ebpf_objects
	for applet in sh cat ls mkdir mount sleep; do
		ln -sf busybox "$root/bin/$applet"
	done
	ebpf_script workload <<-'END'
		#!/bin/sh
		for i in 1 2 3; do
			ls -l /bin | cat >/tmp/list
			/bin/true && mkdir -p /tmp/a/b
		done
		(sleep 0; exit 3)
		exit 0
	END
	ebpf_script both <<-'END'
		#!/bin/sh
		pale profile -q --tracer ebpf -o /tmp/outer -- \
			pale profile -q --tracer ptrace --exact -o /tmp/inner -- /bin/workload
	END
	ebpf_script group <<-'END'
		#!/bin/sh
		mkdir -p /tmp/groups && mount -t cgroup2 none /tmp/groups && mkdir /tmp/groups/watched
		sh -c 'echo $$ >/tmp/groups/watched/cgroup.procs
			until [ -s /tmp/ready ]; do sleep 1; done; ls / >/tmp/list' &
		sleep 1
		pale profile -q --tracer ebpf --cgroup /tmp/groups/watched --for 60 --ready 5 -o /tmp/of-group 5>/tmp/ready
	END
	ebpf_script process <<-'END'
		#!/bin/sh
		sh -c 'until [ -s /tmp/go ]; do sleep 1; done; ls / >/tmp/list' &
		pale profile -q --tracer ebpf --pid $! --for 60 --ready 5 -o /tmp/of-process 5>/tmp/go
	END
	guest 'exit 0' '*' /bin/test_ebpf_objects
	guest 'exit 0' '*' /bin/both
	guest 'exit 0' '*' /bin/group
	guest 'exit 0' '*' /bin/process
	for recording in outer inner of-group of-process; do
		guest 'exit 0' '{*}' /bin/cat "/tmp/$recording"
		wc -l <"$root/script" >"$scratch/at.$recording"
	done
}

ebpf_recording() { # name
	cp "$scratch/out.$(cat "$scratch/at.$1")" "$scratch/$1"
}

ebpf_judge() {
	[ -e "$scratch/at.outer" ] || { echo "$machine: this pale was built without eBPF" && return; }
	for recording in outer inner of-group of-process; do
		ebpf_recording "$recording"
	done
	(cd "$scratch" && python3 "$top_srcdir/tests/programs/compare.py" /bin/pale outer inner) ||
		wrong "eBPF and ptrace differ on $machine"
	for recording in of-group of-process; do
		grep -q '"call":"getdents64"' "$scratch/$recording" || wrong "$recording has no getdents64"
		grep -q '"lost": 0' "$scratch/$recording" || wrong "$recording has lost something"
	done
}
