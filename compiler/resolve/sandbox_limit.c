/* SPDX-License-Identifier: Apache-2.0 */
/* `limit NAME SOFT [HARD];` and `capabilities none;` or `capabilities keep CAP_X, ...;`. */
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "compiler/resolve/sandbox_resolve.h"
#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <string.h>

static const char limit_family[] = "RLIMIT_";
static const char capability_family[] = "CAP_";

/* A copy of TEXT behind PREFIX, in capitals. */
static char *in_capitals(struct arena *arena, const char *prefix, const char *text)
{
	char *name = arena_printf(arena, "%s%s", prefix, text);

	for (char *at = name; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return name;
}

/* The constant NAME of FAMILY, or CONSTANT_NONE. */
static constant_id find_in_family(const char *name, const char *family)
{
	constant_id id = constant_find(name);

	if (id == CONSTANT_NONE || strcmp(constant_get(id)->family, family) != 0)
		return CONSTANT_NONE;
	return id;
}

/* The member of FAMILY that is nearest to NAME, or NULL. */
static const char *nearest_in_family(const char *name, const char *family)
{
	struct word_guess guess = {.word = name};
	unsigned int count;
	const constant_id *ids = constant_family(family, &count);

	for (unsigned int i = 0; i < count; i++)
		word_guess_offer(&guess, constant_get(ids[i])->name);
	return guess.best;
}

static void report_no_limit(struct resolver *resolver, const struct setting_value *name,
			    const char *capitals)
{
	struct diag *diag = resolver_error(resolver, DIAG_SETTING_VALUE, name->span,
					   "there is no limit '%s'", name->text);
	const char *nearest;
	char *small;

	if (!name_wants_guess(resolver, diag))
		return;
	nearest = nearest_in_family(capitals, limit_family);
	if (!nearest)
		return;
	small = arena_copy(resolver->arena, nearest + strlen(limit_family),
			   strlen(nearest) - strlen(limit_family));
	for (char *at = small; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	resolver_suggest(resolver, diag, small);
}

/*
 * The limit's number of asm-generic/resource.h, which x86_64 has: a bundle has one sandbox for all
 * machines, and pale-run knows how its own machine numbers limits (mips does otherwise).
 */
static bool resolve_limit(struct resolver *resolver, const struct setting_value *name,
			  uint32_t *resource)
{
	const char *capitals = in_capitals(resolver->arena, limit_family, name->text);
	constant_id id = find_in_family(capitals, limit_family);
	uint64_t value;

	if (id == CONSTANT_NONE || !constant_value(id, ABI_X86_64, &value)) {
		report_no_limit(resolver, name, capitals);
		return false;
	}
	*resource = (uint32_t)value;
	return true;
}

/* A number, or `unlimited`, which is RLIM64_INFINITY. */
static bool read_amount(struct setting_reader *reader, uint64_t *amount)
{
	if (setting_take_word(reader, "unlimited")) {
		*amount = UINT64_MAX;
		return true;
	}
	return setting_read_number(reader, UINT64_MAX - 1, "a number or `unlimited`", amount);
}

void sandbox_read_limit(struct setting_reader *reader, struct sandbox *sandbox)
{
	struct resolver *resolver = reader->resolver;
	const struct setting_value *name = setting_read_word(reader, "the name of a limit");
	struct resource_limit limit = {0}, *added;

	if (!name || !resolve_limit(resolver, name, &limit.resource) ||
	    !read_amount(reader, &limit.soft))
		return;
	limit.hard = limit.soft;
	if (!setting_at_end(reader) && !read_amount(reader, &limit.hard))
		return;
	if (!setting_read_end(reader))
		return;
	if (limit.soft > limit.hard) {
		resolver_error(resolver, DIAG_SETTING_VALUE, reader->setting->span,
			       "the soft limit, which comes first, is above the hard one");
		return;
	}
	for (size_t i = 0; i < sandbox->limits.count; i++)
		if (sandbox->limits.items[i].resource == limit.resource) {
			resolver_error(resolver, DIAG_DUPLICATE, name->span,
				       "limit '%s' is set already", name->text);
			return;
		}
	added = VEC_PUSH(resolver->arena, &sandbox->limits);
	*added = limit;
}

/* The bit of one capability, or 0 where there is none of that name. */
static uint64_t resolve_capability(struct resolver *resolver, const struct setting_value *name)
{
	constant_id id = find_in_family(name->text, capability_family);
	const char *capitals;
	struct diag *diag;
	uint64_t value;

	/* Capabilities have one number on all ABIs. */
	if (id != CONSTANT_NONE && constant_value(id, ABI_X86_64, &value)) {
		assert(value < 64);
		return (uint64_t)1 << value;
	}
	diag = resolver_error(resolver, DIAG_SETTING_VALUE, name->span,
			      "there is no capability '%s'", name->text);
	if (!name_wants_guess(resolver, diag))
		return 0;
	capitals = in_capitals(resolver->arena, "", name->text);
	if (strncmp(capitals, capability_family, strlen(capability_family)) != 0)
		capitals = in_capitals(resolver->arena, capability_family, name->text);
	resolver_suggest(resolver, diag, nearest_in_family(capitals, capability_family));
	return 0;
}

void sandbox_read_capabilities(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox->has_capabilities = true;
	if (setting_take_word(reader, "none")) {
		setting_read_end(reader);
		return;
	}
	if (!setting_take_word(reader, "keep")) {
		setting_report_wanted(reader, "`none` or `keep`");
		return;
	}
	do {
		const struct setting_value *name = setting_read_word(reader, "a capability");
		uint64_t bit = name ? resolve_capability(reader->resolver, name) : 0;

		if (!name)
			return;
		if (sandbox->capabilities & bit)
			resolver_error(reader->resolver, DIAG_DUPLICATE, name->span,
				       "this capability is in the list already");
		sandbox->capabilities |= bit;
	} while (setting_take_comma(reader));
	setting_read_end(reader);
}
