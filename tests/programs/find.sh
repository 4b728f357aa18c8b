# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="find"
subject=/usr/bin/find
prepare() { mkdir -p d/e/f && touch d/1 d/e/2 d/e/f/3 && ln -s 1 d/link; }
one() { "$@" find d -type f -name '[0-9]' >out && [ "$(wc -l <out)" -eq 3 ]; }
two() {
	cp -a d again
	"$@" find again -depth -newer d/1 -o -type l -printf '%p %l %T@ %u\n' -o -size -10k \
		-exec cat {} + -o -empty -execdir touch {} \; -o -name 2 -delete >/dev/null
	rm -rf again
}
