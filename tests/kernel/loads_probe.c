/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends signal 0 to itself and to another process, and says what came of it, for tests/kernel/loads:
 *
 *	loads_probe OTHER            behind whatever filter it was started with
 *	loads_probe OTHER BUNDLE ... first applies BUNDLE, giving values as NAME=N, N being a number
 *	                             or "self"
 */
#include "runtime/libpale/pale.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	VALUES_MAX = 8
};

static const char *word_of(int result)
{
	if (result == 0)
		return "allowed";
	return errno == EXDEV ? "EXDEV" : errno == ESRCH ? "ESRCH" : "other";
}

static int apply(const char *path, char **words, int count)
{
	static char bytes[262145];
	struct pale_value values[VALUES_MAX];
	struct pale_error error;
	FILE *file = fopen(path, "re");
	size_t size;

	if (!file || count > VALUES_MAX)
		return 77;
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	for (int i = 0; i < count; i++) {
		char *equals = strchr(words[i], '=');

		*equals = '\0';
		values[i].name = words[i];
		values[i].number = strcmp(equals + 1, "self") == 0 ? (unsigned long long)getpid()
								   : strtoull(equals + 1, NULL, 0);
	}
	if (pale_apply_values(bytes, size, values, (size_t)count, &error) == 0)
		return 0;
	printf("refused: %s\n", error.text);
	return 1;
}

int main(int argc, char **argv)
{
	const char *self;
	int other, code;

	setvbuf(stdout, NULL, _IOLBF, 1024);
	if (argc < 2)
		return 2;
	other = atoi(argv[1]);
	if (argc > 2) {
		code = apply(argv[2], argv + 3, argc - 3);
		if (code)
			return code;
	}
	self = word_of(kill(getpid(), 0));
	printf("self %s, other %s\n", self, word_of(kill(other, 0)));
	return 0;
}
