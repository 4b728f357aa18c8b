# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="make gcc"
subject=/usr/bin/make
prepare() {
	for i in 1 2 3 4 5 6; do echo "int f$i(int x) { return x * $i; }" >f$i.c; done
	echo 'int main(void) { return 0; }' >main.c
	printf 'objects = f1.o f2.o f3.o f4.o f5.o f6.o main.o\nprog: $(objects)\n\t$(CC) -o $@ $^\nclean:\n\trm -f prog *.o\n' >Makefile
}
one() { make -s clean && "$@" make -s -j2 && [ -x prog ]; }
two() {
	"$@" make -s --output-sync=target -k -j4 clean prog CFLAGS='-O2 -g' LDFLAGS=-s &&
		"$@" make -s -B -n -p >/dev/null && "$@" make -s -t -l 9
}
