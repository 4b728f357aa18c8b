/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives a fuzz target the files that are named, or those below folders that are; without libFuzzer
 * and with any compiler. Named nothing, it takes the target's committed seeds and all golden tests
 * of the language.
 */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int replay_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
	FILE *file;
	uint8_t *bytes;
	size_t length;

	(void)where;
	if (type != FTW_F)
		return type == FTW_DNR || type == FTW_NS;
	file = fopen(path, "rb");
	bytes = malloc((size_t)status->st_size + 1);
	if (!file || !bytes) {
		perror(path);
		return 1;
	}
	printf("%s\n", path);
	fflush(stdout);
	length = fread(bytes, 1, (size_t)status->st_size, file);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, length);
	free(bytes);
	return 0;
}

static int replay_below(const char *top, const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", top, folder);
	return nftw(path, replay_file, 16, FTW_PHYS);
}

int main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");

	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], replay_file, 16, 0))
			return 1;
	if (argc > 1)
		return 0;
	if (replay_below(top ? top : ".", "tests/fuzz/corpus/" FUZZ_TARGET) ||
	    replay_below(top ? top : ".", "tests/golden/language")) {
		fputs("the seeds are not there\n", stderr);
		return 1;
	}
	return 0;
}
