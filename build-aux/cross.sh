#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# build-aux/cross.sh FOLDER FLAG...: builds FOLDER/ABI/pale-run with these flags and those that
# targets.tsv has for each ABI, where a source is newer. Two may do so at once.
set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
runtime=$here/../runtime
folder=$1
shift

"$here/toolchains.sh" >/dev/null
for abi in $("$here/toolchains.sh" --list); do
	out=$folder/$abi/pale-run
	[ ! -e "$out" ] || [ -n "$(find "$runtime" "$here" -type f -newer "$out" -print -quit)" ] ||
		continue
	mkdir -p "$folder/$abi"
	read -ra compiler < <("$here/toolchains.sh" --compiler "$abi")
	echo "$abi"
	"${compiler[@]}" "$@" -o "$out.$$" "$runtime"/*.c
	mv "$out.$$" "$out"
done
