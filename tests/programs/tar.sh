# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="tar gzip"
subject=/bin/tar
prepare() { mkdir -p d/e && seq 3000 >d/f && ln -s f d/e/l && ln d/f d/hard; }
one() { "$@" tar -cf t.tar d && tar -tf t.tar | grep -q d/e/l; }
two() {
	rm -rf x && mkdir x && "$@" tar -czf t.tgz --sparse --numeric-owner --exclude hard d &&
		"$@" tar -xzpf t.tgz -C x --same-owner && "$@" tar -rf t.tar d/f && "$@" tar -df t.tar &&
		"$@" tar -xf t.tar -C x --overwrite --to-command=cat >/dev/null && "$@" tar --delete -f t.tar d/hard
}
