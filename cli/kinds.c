/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/kinds.h"

#include "compiler/emit/emit.h"

#include <string.h>

#define BLANKS " \t\r\n"

/* Beginnings that no policy has; the first that fits holds. */
static const struct {
	const char *begin;
	const char *kind;
} kinds[] = {
	{"\177ELF", "it is an ELF object, which a linker takes: name the policy or a bundle"},
	{"/*", "it is C, as the headers of compile are, which a compiler takes: name the policy or "
	       "a bundle"},
	{"; ", "it is a listing or an assembler's text, and pale asm makes a filter of the latter"},
	{"ld ", "it is an assembler's text: pale asm makes a filter of it"},
	{"ret ", "it is an assembler's text: pale asm makes a filter of it"},
	{"{\"format\": \"pale-recording\"",
	 "it is a recording: pale generate makes a policy of it"},
	{"{", "this is JSON, as the profiles of Docker and its kin are; they cannot be imported "
	      "yet"},
};

bool kind_is_text(const struct source *source)
{
	return !memchr(source->text, '\0', source->length);
}

const char *kind_foreign(const struct source *source)
{
	const char *text = source->text + strspn(source->text, BLANKS);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(text, kinds[i].begin, strlen(kinds[i].begin)))
			return kinds[i].kind;
	return NULL;
}

const char *kind_no_policy(struct arena *arena, const struct source *source)
{
	struct filter filter;
	const char *why;

	if (bundle_recognise(source->text, source->length))
		return "it is a bundle, compiled already: pale run, disasm, sim, diff and check "
		       "--against take it";
	for (int big_endian = 0; !kind_is_text(source) && big_endian < 2; big_endian++)
		if (!raw_read(arena, source->text, source->length, big_endian, &filter, &why))
			return "it is a bare filter: pale disasm, sim, diff and check --against "
			       "take it, and disasm --as policy makes a policy of it";
	/* Of JSON the parser tells more. */
	return source->text[strspn(source->text, BLANKS)] == '{' ? NULL : kind_foreign(source);
}
