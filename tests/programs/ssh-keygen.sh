# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="ssh-keygen"
subject=/usr/bin/ssh-keygen
prepare() { :; }
one() { rm -f k k.pub && "$@" ssh-keygen -q -t ed25519 -N '' -f k && [ -s k.pub ]; }
two() {
	rm -f r r.pub r-cert.pub && "$@" ssh-keygen -q -t rsa -b 2048 -N pass -C comment -f r && "$@" ssh-keygen -l -v -f r.pub >/dev/null &&
		"$@" ssh-keygen -q -p -P pass -N '' -f r && "$@" ssh-keygen -q -s k -I id -n user r.pub && echo x >data &&
		"$@" ssh-keygen -q -Y sign -n file -f r data && "$@" ssh-keygen -y -f r >/dev/null && "$@" ssh-keygen -e -f r.pub >/dev/null
}
