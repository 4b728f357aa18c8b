# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="gcc"
subject=/usr/bin/gcc
prepare() {
	printf '#include <stdio.h>\nint main(void) { return printf("%%d", 42) != 2; }\n' >one.c
	printf '#include <math.h>\n#include <stdlib.h>\ndouble f(double x) { return sin(x) + rand(); }\n' >two.c
}
one() { "$@" gcc -O1 -o one one.c && ./one >/dev/null; }
two() { "$@" gcc -O2 -g -pipe -flto -save-temps -shared -fPIC -MMD -o two.so two.c -lm && [ -s two.so ]; }
