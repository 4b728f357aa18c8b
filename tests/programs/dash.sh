# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="dash"
subject=/bin/dash
prepare() {
	echo 'i=0; while [ $i -lt 300 ]; do i=$((i + 1)); done; echo $i >out; x=$(cat out); test $x = 300' >one.sh
	cat >two.sh <<-'END'
		trap : TERM; kill -TERM $$
		(umask 077; echo x >secret) && [ -w secret ] && cd .. && cd - >/dev/null
		sleep 0.01 & wait $!
		echo "a b" | while read -r a b; do [ "$b" = b ]; done
		exec 5>five; echo y >&5; exec 5>&-; ulimit -S -c 0
		cat <<-HERE | grep -q here
			here
		HERE
	END
}
one() { "$@" dash one.sh; }
two() { "$@" dash two.sh; }
