/* SPDX-License-Identifier: Apache-2.0 */
/* Values that the policy leaves open until now: --load NAME=VALUE. */
#include "runtime/shim.h"

static bool name_is(const unsigned char *load, const char *name)
{
	uint32_t i = 0;

	for (; load[i]; i++)
		if ((unsigned char)name[i] != load[i])
			return false;
	return name[i] == '=';
}

static unsigned int digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return (unsigned int)(letter - '0');
	if (letter >= 'a' && letter <= 'f')
		return (unsigned int)(letter - 'a') + 10;
	if (letter >= 'A' && letter <= 'F')
		return (unsigned int)(letter - 'A') + 10;
	return 16;
}

/* A whole number, decimal or behind 0x, perhaps with a minus, in two's complement. */
static bool number_read(const char *text, uint64_t *value)
{
	uint64_t number = 0, most = 1844674407370955161; /* a tenth of all, with 5 left over */
	bool minus = *text == '-';
	unsigned int base = 10;

	text += minus;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		most = UINT64_MAX / 16;
		text += 2;
	}
	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = digit_of(*text);

		if (digit >= base || number > most || (base == 10 && number == most && digit > 5))
			return false;
		number = number * base + digit;
	}
	if (minus && number > (uint64_t)1 << 63)
		return false;
	*value = minus ? -number : number;
	return true;
}

static uint64_t value_read(const struct shim_value *given)
{
	uint64_t value;

	if (text_equal(given->text, "@pid"))
		return (uint32_t)sys0(__NR_getpid);
	if (!number_read(given->text, &value))
		fail(SHIM_FAILED, "load", 0, "'", given->name,
		     "' gives no number, and not @pid either", NULL);
	return value;
}

/* What was given for entry INDEX of the bundle's list. */
static const struct shim_value *value_find(const struct shim *shim, uint32_t index)
{
	const unsigned char *load = shim->view.loads + index * BUNDLE_LOAD_SIZE;
	const struct shim_value *found = NULL;

	for (unsigned int i = 0; i < shim->value_count; i++) {
		if (!name_is(load, shim->values[i].name))
			continue;
		if (found)
			fail(SHIM_FAILED, "load", 0, "'", (const char *)load, "' is given twice",
			     NULL);
		found = &shim->values[i];
	}
	if (!found)
		fail(SHIM_FAILED, "load", 0, "the policy wants a value: --load ",
		     (const char *)load, "=...", NULL);
	return found;
}

/* A value that nobody asks for is a misspelt one. */
static void values_check(const struct shim *shim)
{
	for (unsigned int i = 0; i < shim->value_count; i++) {
		bool wanted = false;

		for (uint32_t j = 0; j < shim->view.load_count; j++)
			wanted = wanted || name_is(shim->view.loads + j * BUNDLE_LOAD_SIZE,
						   shim->values[i].name);
		if (!wanted)
			fail(SHIM_FAILED, "load", 0, "the policy does not ask for '",
			     shim->values[i].name, "'", NULL);
	}
}

void values_fill(struct shim *shim)
{
	const struct bundle_filter *filter = shim->filter;
	uint64_t values[BUNDLE_LOADS_MAX];

	values_check(shim);
	for (uint32_t i = 0; i < shim->view.load_count; i++)
		values[i] = value_read(value_find(shim, i));
	for (uint32_t i = 0; i < filter->patch_count; i++) {
		const unsigned char *patch = filter->patches + i * BUNDLE_PATCH_SIZE;
		uint32_t load = bundle_get16(patch + BUNDLE_PATCH_AT_LOAD);
		uint32_t at = bundle_get32(patch + BUNDLE_PATCH_AT_INSTRUCTION);

		if (!bundle_load_fits(bundle_get16(patch + BUNDLE_PATCH_AT_BITS), values[load / 2]))
			fail(SHIM_FAILED, "load", 0, "'", value_find(shim, load / 2)->name,
			     "': an argument that the policy compares with it is too narrow for "
			     "this",
			     NULL);
		shim->program.filter[at].k =
			(uint32_t)(load & 1 ? values[load / 2] >> 32 : values[load / 2]);
	}
}
