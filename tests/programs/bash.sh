# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="bash"
subject=/bin/bash
prepare() {
	cat >one.bash <<-'END'
		total=0
		for i in {1..200}; do total=$((total + i)); done
		declare -A map=([a]=1 [b]=2)
		echo "$total ${map[a]} $(echo sub | tr a-z A-Z)" >out
		while read -r line; do words+=("$line"); done < <(printf '%s\n' x y z)
		[[ ${words[1]} == y ]] && (exit 3) || [ $? -eq 3 ]
		cat <<<"here" >>out
	END
	cat >two.bash <<-'END'
		trap 'echo got >trap.out' USR1
		kill -USR1 $$
		sleep 0.05 & wait
		coproc tr a-z A-Z
		echo words >&"${COPROC[1]}"
		exec {COPROC[1]}>&-
		read -r answer <&"${COPROC[0]}"
		set -o pipefail
		ulimit -n 64
		umask 027
		cd / && ls | head -n 1 >/dev/null
		for f in /etc/*.conf; do [ -r "$f" ] && [ "$f" -nt /etc/passwd ]; done
		read -r -t 0.05 nothing </dev/zero
		history -s x; printf -v y %q "a b"; times >/dev/null
		[ "$answer" = WORDS ] && [ "$y" = 'a\ b' ]
	END
}
one() { "$@" bash one.bash && grep -q '^20100 1 SUB$' out; }
two() { "$@" bash two.bash; }
