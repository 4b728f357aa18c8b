# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="rsync"
subject=/usr/bin/rsync
prepare() { mkdir -p from/a && seq 5000 >from/one && echo 2 >from/a/two && ln -s one from/link; }
one() { rm -rf to && "$@" rsync -a from/ to/ && cmp -s from/one to/one; }
two() {
	rm -rf to2 && mkdir to2 && seq 6000 >to2/one && echo old >to2/gone &&
		"$@" rsync -aHSxz --delete --backup --suffix=.old --checksum --inplace --bwlimit=90000 --numeric-ids \
			--partial --times --chmod=u+w from/ to2/ && [ ! -e to2/gone ] &&
		"$@" rsync -an --itemize-changes --exclude a from/ to3/ >/dev/null
}
