#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernels.sh MACHINE FOLDER: prints the path of a kernel for MACHINE.machine that qemu can
# start. Files it makes for the moment go to FOLDER. Where it finds none it says why and exits 77. In
# this order:
#   1. the small kernels of $PALE_KERNELS, else of ../shared/kernels beside this checkout
#   2. Debian's package, downloaded with lists of packages of its own: what apt and dpkg know of this
#      machine stays as it is
#   3. built from Debian's linux-source-6.1 with fragments/malta and fragments/MACHINE; this takes many minutes, and
#      is done only where $PALE_BUILD_KERNELS is 1
# $PALE_KERNEL_ROUTES has the numbers of those to try (all). Downloads and builds stay in
# $PALE_CACHE, else in ~/.cache/pale.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../../lib.sh"

here=$top_srcdir/tests/kernel/emulated
cache=${PALE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pale}
routes=${PALE_KERNEL_ROUTES:-1 2 3}
# Where this machine's own packages come from, without those of security, which are not for all machines.
# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' \
	2>/dev/null | head -n 1)
[ $# -eq 2 ] || fail "usage: kernels.sh MACHINE FOLDER"
machine=$1
folder=$2
kernel='' package='' fragment=''
[ -e "$here/$machine.machine" ] || fail "there is no machine $machine"
# shellcheck source=tests/kernel/emulated/mips.machine
. "$here/$machine.machine"

found() {
	printf '%s\n' "$1"
	exit 0
}

# A folder in the cache, as the temporary one may be small, that goes away at the end.
make_work() {
	mkdir -p "$cache/kernels"
	work=$(mktemp -d "$cache/making.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' HUP INT TERM
}

# Moves a folder to its place whole: another run may be making the same.
settle() { # made place
	mv -T "$1" "$2" 2>/dev/null || [ -d "$2" ] || fail "cannot make $2"
}

route_shared() {
	kernels=${PALE_KERNELS:-$top_srcdir/../shared/kernels}
	file=$kernels/$kernel
	[ -e "$file" ] || return
	case $file in
	*.xz)
		xz -dc "$file" >"$folder/kernel.$machine" || fail "cannot unpack $file"
		found "$folder/kernel.$machine"
		;;
	*) found "$file" ;;
	esac
}

# apt with another architecture as its own, and Debian's main archive alone.
apt_configure() { # architecture
	apt=$cache/apt-$1
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
	: >"$apt/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm main" \
		>"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
		Dir::Etc::SourceList "$apt/sources.list";
		Dir::Etc::SourceParts "$apt/parts";
		Dir::State "$apt/state";
		Dir::State::Status "$apt/status";
		Dir::Cache "$apt/cache";
		APT::Architecture "$1";
		#clear APT::Architectures;
		APT::Architectures { "$1"; };
		#clear DPkg::Post-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Acquire::Languages "none";
		APT::Sandbox::User "root";
	END
}

# The package that NAME, which only names the newest one, depends on, as apt's lists have it.
apt_newest() { # name
	apt-cache -c "$apt/apt.conf" depends "$1" 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1
}

package_download() { # name
	newest=$(apt_newest "$1")
	[ -n "$newest" ] && (cd "$work" && apt-get -c "$apt/apt.conf" download -qq "$newest" >&2)
}

# Lists that are there may be old, and name packages that are gone.
package_fetch() { # name architecture place
	apt_configure "$2"
	make_work
	package_download "$1" || {
		apt-get -c "$apt/apt.conf" update -qq >&2 && package_download "$1"
	} || return
	(cd "$work" && mkdir whole &&
		dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards './boot/vmlinu*' &&
		mv boot/vmlinu* whole/kernel) || return
	settle "$work/whole" "$3"
}

route_package() {
	[ -n "$package" ] || return
	place=$cache/kernels/${package%:*}
	why="$why; $package cannot be downloaded"
	[ -e "$place/kernel" ] || {
		command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return
		package_fetch "${package%:*}" "${package#*:}" "$place" || return
	}
	found "$place/kernel"
}

# Makes whole/kernel in the present folder.
kernel_make() { # prefix-of-the-compiler
	apt-get download -qq linux-source-6.1 &&
		dpkg-deb --fsys-tarfile linux-source-6.1_*.deb | tar -x &&
		mkdir source whole &&
		tar -xf usr/src/linux-source-6.1.tar.xz -C source --strip-components=1 &&
		cat "$here/fragments/malta" "$here/fragments/$fragment" >config.part &&
		cd source &&
		make -s ARCH=mips CROSS_COMPILE="$1" KCONFIG_ALLCONFIG=../config.part allnoconfig &&
		make -s -j"$(nproc)" ARCH=mips CROSS_COMPILE="$1" vmlinux &&
		"$1strip" -o ../whole/kernel vmlinux
}

kernel_build() { # place
	make_work
	(cd "$work" && kernel_make "${compiler%gcc}") >"$cache/kernel-$machine.log" 2>&1 ||
		fail "cannot build the kernel of $machine: see $cache/kernel-$machine.log"
	settle "$work/whole" "$1"
}

route_source() {
	[ -n "$fragment" ] || return
	version=$(apt-cache show linux-source-6.1 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)
	compiler=$("$top_srcdir/build-aux/toolchains.sh" --compiler mips) || return
	compiler=${compiler%% *}
	hash=$({
		echo "$version"
		cat "$here/fragments/malta" "$here/fragments/$fragment"
		"$compiler" --version
	} | sha256sum | cut -c1-12)
	place=$cache/kernels/$fragment-$hash
	[ -e "$place/kernel" ] || {
		why="$why; one can be built in some minutes, with PALE_BUILD_KERNELS=1"
		[ "${PALE_BUILD_KERNELS:-}" = 1 ] || return
		needs bc flex bison make
		kernel_build "$place"
	}
	found "$place/kernel"
}

why=
for route in $routes; do
	case $route in
	1) route_shared ;;
	2) route_package ;;
	3) route_source ;;
	esac
done
skip "there is no kernel for $machine: $kernel is not in ../shared/kernels${why}"
