# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run and guest.sh set what these read
# The ptrace tracer inside an emulated machine, with the machine's own C library and all that the
# tracer needs of pale, tracing a program of each ABI.

# The folder of Debian's libc6-dev-*-cross for an ABI: "" where there is no tracer for it.
trace_libc() { # abi
	case $1 in
	aarch64) echo /usr/aarch64-linux-gnu ;;
	arm) echo /usr/arm-linux-gnueabihf ;;
	mips) echo /usr/mips-linux-gnu ;;
	mipsel) echo /usr/mipsel-linux-gnu ;;
	esac
}

# Debian's C library for these wants the hard float that it was built for.
trace_flags() { # abi
	case $1 in
	arm) echo -march=armv7-a+fp -mfloat-abi=hard ;;
	mips) echo -mabi=32 -EB ;;
	mipsel) echo -mabi=32 -EL ;;
	esac
}

# What finds libraries. The compiler for mips makes little-endian programs too, but has no libgcc for them.
trace_libraries() { # abi libc
	case $1 in
	mipsel) echo "-B$("$top_srcdir/build-aux/toolchains.sh")/usr/lib/gcc-cross/mipsel-linux-gnu/12" ;;
	esac
	echo "-B$2/lib -L$2/lib"
}

trace_sources() {
	(cd "$top_srcdir" && ls policy-lang/*.c policy-lang/*/*.c compiler/*.c compiler/cbpf/*.c \
		compiler/graph/*.c compiler/prove/*.c compiler/resolve/*.c profiler/infer/*.c \
		profiler/ptrace/*.c profiler/recorder/*.c profiler/recording/escape.c \
		profiler/recording/operation.c profiler/recording/recording.c profiler/launch.c \
		profiler/process_info.c profiler/serving.c profiler/signals.c tests/kernel/recorded_lines.c tests/kernel/emulated/trace_probe.c)
	(cd "$top_builddir" && ls policy-lang/*.c)
}

# Each source by itself, two at a time; -Os, as a filter is made there once or twice.
trace_build() { # abi program
	libc=$(trace_libc "$1")
	compiler=$("$top_srcdir/build-aux/toolchains.sh" --compiler "$1") || return
	compiler=${compiler%% *}
	flags="$(trace_flags "$1") -static -isystem $libc/include"
	libraries=$(trace_libraries "$1" "$libc")
	objects=$scratch/trace.$1
	mkdir "$objects"
	trace_sources | while read -r source; do
		[ -e "$top_srcdir/$source" ] && source=$top_srcdir/$source || source=$top_builddir/$source
		echo "$source"
	done >"$objects/list"
	# shellcheck disable=SC2016,SC2086 # the inner shell's; words
	xargs -P 2 -n 8 sh -c '
		objects=$1 top_srcdir=$2 top_builddir=$3 compiler=$4 flags=$5
		shift 5
		for source; do
			$compiler $flags -std=gnu11 -D_GNU_SOURCE -Os -ffunction-sections -fdata-sections \
				-I"$top_srcdir" -I"$top_builddir" -I"$top_builddir/policy-lang" \
				-c -o "$objects/$(echo "$source" | tr / _).o" "$source" || exit 255
		done' sh "$objects" "$top_srcdir" "$top_builddir" "$compiler" "$flags" \
		<"$objects/list" || return
	# shellcheck disable=SC2086 # words
	$compiler $flags $libraries -Wl,--gc-sections -s -o "$2" "$objects"/*.o
}

trace_prepare() {
	tracer=${abis%% *}
	libc=$(trace_libc "$tracer")
	[ -n "$libc" ] || {
		echo "SKIP: the ptrace tracer: it has no machine_*.c for $tracer"
		return 0
	}
	[ -e "$libc/lib/libc.a" ] || {
		echo "SKIP: the ptrace tracer: there is no C library in $libc"
		return 0
	}
	trace_build "$tracer" "$root/bin/trace_probe" >"$scratch/messages" 2>&1 || {
		tail -n 20 "$scratch/messages"
		fail "cannot build the tracer for $tracer"
	}
	for abi in $abis; do
		guest_compile "$root/bin/trace_subject.$abi" "$abi" trace_subject.c
		guest 'exit 0' 'the same *, fewer looked at' /bin/trace_probe "/bin/trace_subject.$abi"
	done
}
