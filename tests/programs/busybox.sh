# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="busybox"
subject=/bin/busybox
prepare() {
	mkdir -p tree/a
	for i in 1 2 3 4 5; do echo "line $i" >tree/a/$i; done
	cat >one.sh <<-'END'
		cat tree/a/* | sort -r | head -n 3 >out
		find tree -name 3 | xargs cat
		ls -l tree >/dev/null
		md5sum tree/a/1 >/dev/null
		grep -q 'line 5' out
	END
	cat >two.sh <<-'END'
		tar cf t.tar tree && mkdir -p x && tar xf t.tar -C x
		cp -a tree copy && mv copy moved && rm -r moved
		ln -s tree link && readlink link && rm link
		dd if=/dev/zero of=zero bs=1k count=4 2>/dev/null
		ps >/dev/null; id >/dev/null; date >/dev/null; df . >/dev/null
		sleep 0.01; touch -d '2020-01-01' zero; chmod 600 zero
		gzip zero && gunzip zero.gz && vi --help >/dev/null 2>&1; true
	END
}
one() { "$@" busybox sh one.sh >/dev/null; }
two() { rm -rf x t.tar zero && "$@" busybox sh two.sh >/dev/null; }
