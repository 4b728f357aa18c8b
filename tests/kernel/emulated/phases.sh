# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # run and guest.sh set what these read
# libpale inside an emulated machine: a program goes from one phase of its policy to the next. It needs
# a C library for the ABI, which not every one has; and threads need futexes, which these kernels lack.

# The folder of ABI's C library, and the flags that go with it, in words.
phases_library() { # abi
	case $1 in
	mips) echo mips-linux-gnu -mabi=32 -EB -march=mips32r2 ;;
	arm) echo arm-linux-gnueabihf -march=armv7-a+fp -mfloat-abi=hard ;;
	aarch64) echo aarch64-linux-gnu -march=armv8-a ;;
	*) ;;
	esac
}

phases_compile() { # abi folder flag...
	library=/usr/$2
	out=$root/bin/apply.$1
	compiler=$("$top_srcdir/build-aux/toolchains.sh" --compiler "$1") || fail "no compiler for $1"
	shift 2
	(cd "$top_srcdir" && ${compiler%% *} "$@" -std=gnu11 -Os -D_GNU_SOURCE -DPALE_LIBRARY -I. \
		-include runtime/libpale/names.h -isystem "$library/include" -L"$library/lib" \
		-B"$library/lib" -static -s -pthread -o "$out" tests/kernel/apply_probe.c \
		runtime/libpale/*.c runtime/privileges.c runtime/bundle.c runtime/bundle_check.c) \
		>"$scratch/messages" 2>&1 || {
		cat "$scratch/messages"
		fail "cannot compile libpale for $out"
	}
}

phases_prepare() {
	bundle phases phases "$(echo "$abis" | tr ' ' ,)"
	for abi in $abis; do
		library=$(phases_library "$abi")
		if [ -z "$library" ] || [ ! -e "/usr/${library%% *}/lib/libc.a" ]; then
			echo "$machine: $abi: no C library here, so libpale is not tried"
			continue
		fi
		# shellcheck disable=SC2086 # words
		phases_compile "$abi" $library
		guest 'exit 0' 'first thread: mkdirat EBADF, *' "/bin/apply.$abi" =/phases
		guest 'exit 0' '0 0 first thread: mkdirat EXDEV, *' "/bin/apply.$abi" /phases
		guest 'exit 0' '0 0 0 0 first thread: mkdirat EMLINK, *' \
			"/bin/apply.$abi" /phases @serving
		guest 'exit 0' '0 0 0 0 -13 0 filter: * first thread: mkdirat EMLINK, *' \
			"/bin/apply.$abi" -m /phases @serving @serving
		guest 'exit 0' '0 0 first thread: mkdirat EMLINK, *' "/bin/pale-run.$abi" /phases \
			"/bin/apply.$abi" =/phases @serving
	done
}
