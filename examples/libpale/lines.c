/* SPDX-License-Identifier: Apache-2.0 */
/* lines: counts the lines of its input.
 *
 * It fences itself with the bundle of lines.pale before it looks at its input, and does not work
 * without: a file that it could open before, it cannot open then. The bundle is the file that is
 * named, or with -DBUNDLE one that is compiled in.
 */
#include <errno.h>
#include <fcntl.h>
#include <pale.h>
#include <stdio.h>

#ifdef BUNDLE
static const unsigned char bundle[] = {
#include BUNDLE
};
#endif

int main(int argc, char **argv)
{
	struct pale_error error;
	unsigned long count = 0;
	int letter, code;

	if (open("/dev/null", O_RDONLY) < 0) {
		perror("/dev/null before the fence");
		return 1;
	}
#ifdef BUNDLE
	(void)argc;
	(void)argv;
	code = pale_apply(bundle, sizeof(bundle), &error);
#else
	code = pale_apply_file(argc > 1 ? argv[1] : "lines.bundle", &error);
#endif
	if (code) {
		fprintf(stderr, "lines: no fence: %s\n", error.text);
		return 1;
	}
	if (open("/dev/null", O_RDONLY) >= 0 || errno != EACCES) {
		perror("lines: the fence has a hole");
		return 1;
	}
	while ((letter = getchar()) != EOF)
		count += letter == '\n';
	printf("%lu\n", count);
	return 0;
}
