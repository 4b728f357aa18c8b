/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers for what generated files declare. */
#include "compiler/emit/program_text.h"

#include <string.h>

enum {
	SYMBOL_MAX = 200, /* bytes; linkers take more, people do not */
};

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool symbol_valid(const char *name)
{
	size_t length = strlen(name);

	if (!is_letter(name[0]) || length > SYMBOL_MAX)
		return false;
	for (size_t i = 1; i < length; i++)
		if (!is_letter(name[i]) && !is_digit(name[i]))
			return false;
	return true;
}

const char *symbol_make(struct arena *arena, const char *name, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *from = name && *name ? name : slash ? slash + 1 : path;
	size_t length = strlen(from);
	char *symbol;

	if (from != name && length > 5 && !strcmp(from + length - 5, ".pale"))
		length -= 5;
	if (length > SYMBOL_MAX - 1)
		length = SYMBOL_MAX - 1;
	/* A name for "-", and a letter before a digit; what begins with '_' is the compiler's. */
	if (length == 0 || (length == 1 && !is_letter(*from)))
		return "policy";
	symbol = arena_printf(arena, "%s%.*s", is_letter(*from) && *from != '_' ? "" : "p",
			      (int)length, from);
	for (char *at = symbol; *at; at++)
		if (!is_letter(*at) && !is_digit(*at))
			*at = '_';
	return symbol;
}
