/* SPDX-License-Identifier: Apache-2.0 */
/* Nanoseconds that a read or write of a few bytes takes, at best: the subject of what traces. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	CALLS_EACH = 3000, /* short enough that some rounds are not disturbed */
	BYTES = 32,
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
	int from = open("/dev/zero", O_RDONLY), to = open("/dev/null", O_WRONLY);
	int rounds = argc > 1 ? atoi(argv[1]) : 1;
	double best = 0;
	char bytes[BYTES];

	for (int round = 0; round < rounds; round++) {
		double begin = now(), each;

		for (int i = 0; i < CALLS_EACH; i++)
			if (read(from, bytes, (size_t)(1 + i % BYTES)) < 0 ||
			    write(to, bytes, (size_t)(1 + i % BYTES)) < 0)
				return 1;
		each = (now() - begin) / (2 * CALLS_EACH);
		if (round == 0 || each < best)
			best = each;
	}
	printf("%.1f\n", best);
	return 0;
}
