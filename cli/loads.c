/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/loads.h"

#include "cli/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A whole number in decimal or behind 0x, perhaps with a minus; nothing else that strtoull() takes. */
static bool read_number(const char *text, uint64_t *value)
{
	bool minus = *text == '-';
	bool hexadecimal;
	char *end;

	text += minus;
	hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (!isxdigit((unsigned char)text[hexadecimal ? 2 : 0]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, hexadecimal ? 16 : 10);
	if (*end || errno || (minus && *value > (uint64_t)1 << 63))
		return false;
	*value = minus ? -*value : *value;
	return true;
}

int loads_take(struct arena *arena, struct given_loads *given, const struct options *options)
{
	const char *equals = strchr(options->value, '=');
	struct given_load load = {.name = options->value};

	if (!equals || equals == options->value)
		return options_misuse(options, "--load takes NAME=VALUE, not '%s'", options->value);
	load.name_length = (size_t)(equals - options->value);
	if (!read_number(equals + 1, &load.value))
		return options_misuse(options, "--load %s: '%s' is no number of 64 bits",
				      options->value, equals + 1);
	*VEC_PUSH(arena, &given->items) = load;
	return COMMAND_GOOD;
}

static bool name_is(const struct given_load *given, const char *name)
{
	return strlen(name) == given->name_length && !memcmp(name, given->name, given->name_length);
}

/* The one value that is given for LOAD; NULL, having said so, for none, two, or one that is too large. */
static const struct given_load *find_given(const struct given_loads *given,
					   const struct filter_load *load)
{
	const struct given_load *found = NULL;

	for (size_t i = 0; i < given->items.count; i++) {
		if (!name_is(&given->items.items[i], load->name))
			continue;
		if (found) {
			command_error("--load gives '%s' twice", load->name);
			return NULL;
		}
		found = &given->items.items[i];
	}
	if (!found) {
		command_error("the policy wants a value: --load %s=...", load->name);
		return NULL;
	}
	if (filter_load_fits(load, found->value))
		return found;
	command_error("--load %s: an argument that the policy compares with it has %u bits, which "
		      "is too narrow for this",
		      load->name, load->bits);
	return NULL;
}

static int check_wanted(const struct given_loads *given, const struct filter *filter)
{
	for (size_t i = 0; i < given->items.count; i++) {
		const struct given_load *one = &given->items.items[i];
		bool wanted = false;

		for (uint32_t j = 0; j < filter->load_count; j++)
			wanted = wanted || name_is(one, filter->loads[j].name);
		if (wanted)
			continue;
		command_error("the policy does not ask for '%.*s', which --load gives",
			      (int)one->name_length, one->name);
		return COMMAND_USAGE;
	}
	return COMMAND_GOOD;
}

int loads_fill(struct arena *arena, const struct given_loads *given, const struct filter *filter,
	       const struct filter **filled)
{
	uint64_t *values = arena_alloc_array(arena, filter->load_count + 1, sizeof(*values));
	int status = check_wanted(given, filter);

	*filled = filter;
	for (uint32_t i = 0; i < filter->load_count && status == COMMAND_GOOD; i++) {
		const struct given_load *found = find_given(given, &filter->loads[i]);

		if (!found)
			return COMMAND_USAGE;
		values[i] = found->value;
	}
	if (status == COMMAND_GOOD && filter->load_count)
		*filled = filter_fill(arena, filter, values);
	return status;
}

const struct proof_value *loads_values(struct arena *arena, const struct given_loads *given,
				       size_t *count)
{
	struct proof_value *values =
		arena_alloc_array(arena, given->items.count + 1, sizeof(*values));

	*count = given->items.count;
	for (size_t i = 0; i < given->items.count; i++)
		values[i] = (struct proof_value){
			arena_copy(arena, given->items.items[i].name,
				   given->items.items[i].name_length),
			given->items.items[i].value,
		};
	return values;
}

const char *loads_text(struct arena *arena, const struct given_loads *given)
{
	const char *text = NULL;

	for (size_t i = 0; i < given->items.count; i++)
		text = arena_printf(arena, "%s%s%s", text ? text : "", text ? ", " : "",
				    given->items.items[i].name);
	return text;
}
