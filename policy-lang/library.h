/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of library/, made into a table by build-aux/embed_library.awk. For this folder alone. */
#ifndef PALE_POLICY_LANG_LIBRARY_H
#define PALE_POLICY_LANG_LIBRARY_H

#include <stddef.h>

/* One file: it is called GROUP.pale and defines @GROUP. */
struct library_file {
	const char *group;
	const char *text;
};

/* In the order of the alphabet. */
extern const struct library_file library_files[];
extern const size_t library_file_count;

#endif
