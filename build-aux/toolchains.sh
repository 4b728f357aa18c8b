#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Debian's cross compilers, unpacked rather than installed: installed they would take gcc-multilib,
# which they conflict with, off the machine. Root is not needed.
set -eu

usage() {
	cat <<'END'
usage: build-aux/toolchains.sh                 prints the folder of the compilers
       build-aux/toolchains.sh --compiler ABI  prints the compiler for ABI, with its flags, in words
       build-aux/toolchains.sh --list          prints the ABIs, one a line
The folder lies in $PALE_CACHE (~/.cache/pale), and is made from what build-aux/packages.txt marks
with "unpack:" when it is not there yet. The ABIs are those of build-aux/targets.tsv.
END
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() {
	echo "toolchains.sh: $*" >&2
	exit 1
}

mapfile -t packages < <(sed -n 's/[[:blank:]]*#.*//; s/^unpack://p' "$here/packages.txt" | sort -u)
cache=${PALE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pale}
hash=$(cat "$here/toolchains.sh" - <<<"${packages[*]}" | sha256sum | cut -c1-12)
folder=$cache/toolchains-$hash

# Here, because apt-get downloads to where it stands.
download() {
	apt-get download -q "${packages[@]}" >log 2>&1 </dev/null
}

update() {
	local root=()
	[ "$(id -u)" -eq 0 ] || root=(sudo -n)
	"${root[@]}" apt-get update -qq 2>&1 </dev/null | cat >>log
}

unpack() { # folder
	local package
	mkdir -p "$1/bin"
	for package in ./*.deb; do
		# What no build here asks for is a third of it all.
		dpkg-deb --fsys-tarfile "$package" | tar -x -C "$1" --exclude=./usr/share \
			--exclude='*-lto-dump-*' --exclude='*/lto1'
	done
	# Every program by its usual name, finding its own libraries from wherever the folder stands.
	cat >"$1/bin/wrapper" <<'END'
#!/bin/sh
root=$(cd "$(dirname "$0")/.." && pwd)
name=${0##*/}
[ -e "$root/usr/bin/$name" ] || name=$name-12
PATH=$root/usr/bin:$PATH
LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH LD_LIBRARY_PATH
exec "$root/usr/bin/$name" "$@"
END
	chmod 755 "$1/bin/wrapper"
	for package in "$1"/usr/bin/*; do
		package=${package##*/}
		ln -s wrapper "$1/bin/${package%-12}"
	done
}

# Whole or not at all, also where two make it at once: the one who comes second throws its own away.
make_folder() {
	local work
	[ ! -d "$folder" ] || return 0
	case $(uname -m) in
	x86_64) ;;
	*) die "Debian's cross compilers run on x86_64, and this is $(uname -m)" ;;
	esac
	command -v apt-get >/dev/null || die "apt-get, which downloads the compilers, is not here"
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/making.XXXXXX")
	# shellcheck disable=SC2064 # now
	trap "rm -rf '$work'" EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$work/debs"
	cd "$work/debs"
	download || { update && download; } || {
		tail -n 5 log >&2
		die "the compilers cannot be downloaded"
	}
	unpack "$work/whole"
	mv -T "$work/whole" "$folder" 2>/dev/null || [ -d "$folder" ] || die "cannot make $folder"
}

compiler() { # ABI
	local abi name flags
	while IFS=$'\t' read -r abi name flags; do
		[ "$abi" = "$1" ] || continue
		case $name in
		native)
			name=${CC:-gcc}
			# Without gcc-multilib the kernel's headers are in the 64-bit folder alone, and the same.
			flags="$flags -idirafter /usr/include/x86_64-linux-gnu"
			;;
		*)
			case $cache in
			*[[:space:]]*) die "the path $cache has blanks in it: set PALE_CACHE to another" ;;
			esac
			make_folder
			name=$folder/bin/$name
			;;
		esac
		echo "$name $flags"
		return
	done < <(sed '/^#/d' "$here/targets.tsv")
	die "there is no ABI '$1' in build-aux/targets.tsv"
}

case ${1:-} in
'') make_folder && echo "$folder" ;;
--compiler) [ $# -eq 2 ] || die "--compiler wants an ABI"; compiler "$2" ;;
--list) sed '/^#/d; s/\t.*//' "$here/targets.tsv" ;;
-h | --help) usage ;;
*)
	usage >&2
	exit 2
	;;
esac
