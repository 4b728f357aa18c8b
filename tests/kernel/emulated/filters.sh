# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154 # run and guest.sh set what these read
# The trials of filters: which are made on a machine, and what must come back.

# filter NAME POLICY ABIS: the filter $root/NAME for ABIS, with commas between.
filter() {
	"$PALE" compile --format raw --arch "$3" -o "$root/$1" "$here/policies/$2.pale" \
		2>"$scratch/messages" || {
		cat "$scratch/messages"
		fail "cannot compile $2.pale for $3"
	}
}

filters_prepare() {
	all=$(echo "$abis" | tr ' ' ,)
	own=${abis%% *}
	filter main.filter main "$all"
	filter open.filter open "$all"
	filter foreign.filter main "$own"
	filter foreign_open.filter open "$own"
	for abi in $abis; do
		# A kernel without x32 answers its calls with ENOSYS, behind the filter.
		[ "$abi" = x32 ] || guest 'exit 0' '' "/bin/probe.$abi" facts
		guest 'exit 0' '*' "/bin/probe.$abi" main /main.filter
		guest 'exit 0' '*' "/bin/probe.$abi" random /main.filter
		guest 'exit 0' '*' "/bin/probe.$abi" open /open.filter
		[ "$abi" = "$own" ] || {
			guest 'exit 0' '*' "/bin/probe.$abi" main /foreign.filter
			guest 'exit 0' '*' "/bin/probe.$abi" open /foreign_open.filter
		}
	done
}

# What the kernel answered in block N of the log, beside `pale sim`.
compare() { # filter abi n
	case $2 in
	mips*) signal=12 enosys=89 ;;
	*) signal=31 enosys=38 ;;
	esac
	case $1 in
	foreign.filter) foreign='kill process' ;;
	foreign_open.filter) foreign='deny 3002' ;;
	*) foreign='' ;;
	esac
	cut -f6 "$scratch/out.$3" >"$scratch/calls"
	xargs -d '\n' "$PALE" sim --arch "$2" "$root/$1" <"$scratch/calls" >"$scratch/answers" || {
		wrong "pale sim does not take a call of trials.def on $2"
		return
	}
	paste "$scratch/out.$3" "$scratch/answers" |
		awk -v SIGSYS=$signal -v ENOSYS=$enosys -v FOREIGN="$foreign" \
			-f "$here/judge.awk" || bad=1
	count=$((count + $(wc -l <"$scratch/calls")))
}

filters_judge() {
	for abi in $abis; do
		count=0 n=0
		while read -r program policy file; do
			n=$((n + 1))
			[ "$program" != "/bin/probe.$abi" ] || [ "$policy" = facts ] ||
				compare "${file#/}" "$abi" $n
		done <"$root/script"
		[ $count -gt 100 ] || wrong "only $count answers on $abi"
		echo "$machine: $abi: $count answers of the kernel compared"
	done
}
