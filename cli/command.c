/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "policy-lang/base/letter.h"
#include "policy-lang/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* As in diagnostics: what is no text, or would play tricks on a terminal, shows as '?'. */
static void print_plain(const char *text, size_t length)
{
	for (size_t i = 0, bytes; i < length; i += bytes) {
		uint32_t letter;
		size_t read = letter_read(text + i, length - i, &letter);

		bytes = read ? read : 1;
		if (read && letter_is_plain(letter))
			fwrite(text + i, 1, bytes, stderr);
		else
			fputc('?', stderr);
	}
}

void command_error(const char *format, ...)
{
	struct text text = {0};
	va_list args;

	fflush(stdout);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	fputs("pale: ", stderr);
	if (text.bytes)
		print_plain(text.bytes, text.length);
	if (text.failed)
		fputs(" (no memory for the whole message)", stderr);
	fputc('\n', stderr);
	text_release(&text);
}

int command_path_error(const char *path, int error)
{
	command_error("%s: %s", strcmp(path, "-") == 0 ? "<stdin>" : path, strerror(-error));
	return COMMAND_ENVIRONMENT;
}
