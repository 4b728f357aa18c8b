/* SPDX-License-Identifier: Apache-2.0 */
/* pale list: what the catalogue and the shipped rule sets have, for people and for programs. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "policy-lang/base/diag.h"
#include "policy-lang/catalog/call.h"
#include "policy-lang/catalog/constant.h"
#include "policy-lang/parse.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
	LIST_ARCH = OPTION_LONG_ONLY,
	LIST_JSON
};

static const struct usage list_usage = {
	.synopsis = "list [--arch ABI] [--json] calls|constants|sets|abis [PATTERN]",
	.description =
		"Prints what policies can name, one a line, with tabs between: calls with their\n"
		"number and signature, constants with their value and family, the shipped rule sets\n"
		"with what they are for, or the ABIs with their AUDIT_ARCH, family and byte order.\n"
		"\n"
		"PATTERN picks names: with *, ? or [ in it as a file name pattern, else as a part of\n"
		"the name. The exit status is 1 where it picks none.\n",
	.rows = (const struct option_row[]){
		{LIST_ARCH, "arch", "ABI", "numbers and values of that ABI, not of this machine"},
		{LIST_JSON, "json", NULL, "prints an array of objects that say all there is"},
		{0},
	}};

/* What is printed: JSON where `array` is there, else text. */
struct listing {
	const struct abi *abi;
	const char *pattern; /* or NULL */
	json_t *array;
	struct text text;
	size_t rows;
	bool failed; /* memory ran out */
};

static bool listing_takes(const struct listing *listing, const char *name)
{
	if (!listing->pattern)
		return true;
	if (strpbrk(listing->pattern, "*?["))
		return fnmatch(listing->pattern, name, 0) == 0;
	return strstr(name, listing->pattern) != NULL;
}

/* Both take the reference to VALUE, which is NULL where memory ran out. */
static void append(struct listing *listing, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		listing->failed = true;
}

static void set(struct listing *listing, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		listing->failed = true;
}

static json_t *names_to_json(struct listing *listing, const char *const *names)
{
	json_t *array = json_array();

	for (; names && *names; names++)
		append(listing, array, json_string(*names));
	return array;
}

static const char *kind_name(enum arg_kind kind)
{
	static const char *const names[] = {
		[ARG_INT] = "int",     [ARG_UINT] = "uint",     [ARG_FD] = "fd",
		[ARG_UMODE] = "umode", [ARG_U16] = "u16",       [ARG_LONG] = "long",
		[ARG_ULONG] = "ulong", [ARG_POINTER] = "ptr",   [ARG_S64] = "s64",
		[ARG_U64] = "u64",     [ARG_LOW_HIGH] = "lohi",
	};
	_Static_assert(sizeof(names) / sizeof(names[0]) == ARG_LOW_HIGH + 1, "a name each");

	return names[kind];
}

static json_t *argument_to_json(struct listing *listing, call_id id, unsigned int index)
{
	static const char *const uses[] = {
		[ARG_OPAQUE] = "opaque", [ARG_VALUE] = "value", [ARG_FLAGS] = "flags"};
	unsigned int count;
	const struct call_arg *arg = &call_args(id, listing->abi->id, &count)[index];
	struct arg_place place = call_arg_place(id, listing->abi->id, index);
	json_t *object =
		json_pack("{s:s, s:s, s:s, s:i, s:b, s:[i]}", "name", arg->name, "kind",
			  kind_name(arg->kind), "use", uses[arg->use], "bits", (int)place.bits,
			  "signed", (int)place.is_signed, "registers", (int)place.low);

	if (place.split)
		append(listing, json_object_get(object, "registers"), json_integer(place.high));
	if (arg->kernel_name)
		set(listing, object, "kernel_name", json_string(arg->kernel_name));
	if (arg->family)
		set(listing, object, "family", json_string(arg->family));
	if (arg->mask)
		set(listing, object, "mask", json_integer(arg->mask));
	return object;
}

static json_t *call_to_json(struct listing *listing, call_id id)
{
	struct kernel_version since = call_since(id, listing->abi->id);
	json_t *arguments = json_array();
	json_t *equivalents = json_array();
	unsigned int count;
	const struct equivalent *kin = call_equivalents(id, listing->abi->id, &count);
	json_t *object;

	for (unsigned int i = 0; i < count; i++)
		if (kin[i].call != id)
			append(listing, equivalents, json_string(call_get(kin[i].call)->name));
	call_args(id, listing->abi->id, &count);
	for (unsigned int i = 0; i < count; i++)
		append(listing, arguments, argument_to_json(listing, id, i));
	object = json_pack("{s:s, s:I, s:o, s:o, s:o}", "name", call_get(id)->name, "number",
			   (json_int_t)call_number(id, listing->abi->id), "arguments", arguments,
			   "aliases", names_to_json(listing, call_get(id)->aliases), "equivalents",
			   equivalents);
	if (since.major)
		set(listing, object, "since", json_sprintf("%u.%u", since.major, since.minor));
	return object;
}

static void list_calls(struct listing *listing)
{
	for (call_id id = 0; id < call_count(); id++) {
		const char *name = call_get(id)->name;
		int64_t number = call_number(id, listing->abi->id);
		const struct call_arg *args;
		unsigned int count;

		if (number < 0 || !listing_takes(listing, name))
			continue;
		listing->rows++;
		if (listing->array) {
			append(listing, listing->array, call_to_json(listing, id));
			continue;
		}
		args = call_args(id, listing->abi->id, &count);
		text_printf(&listing->text, "%s\t%" PRId64 "\t%s(", name, number, name);
		for (unsigned int i = 0; i < count; i++)
			text_printf(&listing->text, "%s%s %s", i ? ", " : "",
				    kind_name(args[i].kind), args[i].name);
		text_add_string(&listing->text, ")\n");
	}
}

static void list_constants(struct listing *listing)
{
	for (constant_id id = 0; id < constant_count(); id++) {
		const struct constant *constant = constant_get(id);
		uint64_t value;

		if (!listing_takes(listing, constant->name) ||
		    !constant_value(id, listing->abi->id, &value))
			continue;
		listing->rows++;
		if (listing->array)
			append(listing, listing->array,
			       json_pack("{s:s, s:I, s:s}", "name", constant->name, "value",
					 (json_int_t)value, "family", constant->family));
		else if (value < 1024 || (int64_t)value < 0)
			text_printf(&listing->text, "%s\t%" PRId64 "\t%s\n", constant->name,
				    (int64_t)value, constant->family);
		else
			text_printf(&listing->text, "%s\t0x%" PRIx64 "\t%s\n", constant->name,
				    value, constant->family);
	}
}

/* The comment's first sentence, on one line. */
static void add_summary(const struct stmt *group, struct text *text)
{
	for (size_t i = 0; i < group->comments.count; i++) {
		const char *line = group->comments.items[i];
		const char *stop = strstr(line, ". ");
		size_t length = stop ? (size_t)(stop - line) : strlen(line);

		if (length == 0)
			return;
		if (!stop && line[length - 1] == '.') {
			stop = line;
			length--;
		}
		if (i > 0)
			text_add_char(text, ' ');
		text_add(text, line, length);
		if (stop)
			return;
	}
}

/* One shipped rule set. A set that does not parse is a mistake in pale, which its tests find. */
static void list_set(struct listing *listing, const char *name, struct diags *diags,
		     struct sources *sources, struct library *library)
{
	const struct stmt *group = library_find_group(library, diags->arena, sources, diags, name);
	struct text summary = {0};

	if (group)
		add_summary(group, &summary);
	listing->rows++;
	if (listing->array)
		append(listing, listing->array,
		       json_pack("{s:s, s:s}", "name", name, "summary",
				 summary.bytes ? summary.bytes : ""));
	else
		text_printf(&listing->text, "@%s\t%s\n", name, summary.bytes ? summary.bytes : "");
	listing->failed = listing->failed || summary.failed;
	text_release(&summary);
}

static void list_sets(struct listing *listing)
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	struct library library = {0};
	const char *name;

	if (arena_init(&arena)) {
		listing->failed = true;
		return;
	}
	for (size_t i = 0; (name = library_group_name(i)); i++)
		if (listing_takes(listing, name))
			list_set(listing, name, &diags, &sources, &library);
	arena_release(&arena);
}

static void list_abis(struct listing *listing)
{
	for (enum abi_id id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get(id);

		if (!listing_takes(listing, abi->name))
			continue;
		listing->rows++;
		if (listing->array)
			append(listing, listing->array,
			       json_pack("{s:s, s:I, s:I, s:i, s:b, s:s, s:o}", "name", abi->name,
					 "audit_arch", (json_int_t)abi->audit_arch, "number_base",
					 (json_int_t)abi->number_base, "long_bits",
					 (int)abi->long_bits, "big_endian", (int)abi->big_endian,
					 "machine", abi->machine, "aliases",
					 names_to_json(listing, abi->aliases)));
		else
			text_printf(&listing->text,
				    "%s\t0x%08" PRIx32
				    "\t%s, %u bits, %s-endian, numbers from 0x%" PRIx32 "\n",
				    abi->name, abi->audit_arch, abi->machine,
				    (unsigned int)abi->long_bits,
				    abi->big_endian ? "big" : "little", abi->number_base);
	}
}

static const struct {
	const char *name;
	void (*list)(struct listing *listing);
	bool has_abi;
} subjects[] = {
	{"calls", list_calls, true},
	{"constants", list_constants, true},
	{"sets", list_sets, false},
	{"abis", list_abis, false},
};

/* Writes what was listed. Returns the command's exit status. */
static int listing_write(struct listing *listing)
{
	int status = COMMAND_GOOD;

	if (listing->array && !listing->failed) {
		char *json = json_dumps(listing->array, JSON_INDENT(2));

		listing->failed = !json;
		if (json)
			text_printf(&listing->text, "%s\n", json);
		free(json);
	}
	if (listing->failed || listing->text.failed) {
		command_error("out of memory");
		return COMMAND_ENVIRONMENT;
	}
	if (listing->text.length)
		status = output_write_or_complain("-", listing->text.bytes, listing->text.length);
	return status == COMMAND_GOOD && !listing->rows ? COMMAND_NO : status;
}

/* The operands: a subject and perhaps a pattern. */
static int list_run(const struct options *options, struct listing *listing)
{
	char *const *operands = options->argv + options->index;
	int count = options->argc - options->index;

	if (count < 1 || count > 2)
		return options_misuse(options, "list takes calls, constants, sets or abis, "
					       "and perhaps a pattern");
	listing->pattern = count == 2 ? operands[1] : NULL;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (strcmp(subjects[i].name, operands[0]) != 0)
			continue;
		if (listing->abi && !subjects[i].has_abi)
			return options_misuse(options, "%s are the same on every ABI",
					      subjects[i].name);
		if (!listing->abi)
			listing->abi = abi_host();
		if (!listing->abi && subjects[i].has_abi)
			return options_misuse(
				options, "the catalogue lacks this machine's ABI: give --arch");
		subjects[i].list(listing);
		return listing_write(listing);
	}
	return options_misuse(options,
			      "there is no list of '%s': it is calls, constants, sets or abis",
			      operands[0]);
}

static int take_arch(struct listing *listing, const struct options *options)
{
	if (listing->abi || strchr(options->value, ',') || !strcmp(options->value, "all"))
		return options_misuse(options, "list takes one ABI");
	listing->abi = abi_find(options->value);
	if (!listing->abi)
		return options_misuse(options, "there is no ABI '%s'", options->value);
	return COMMAND_GOOD;
}

int cmd_list(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &list_usage};
	struct listing listing = {0};
	int key, status = COMMAND_GOOD;

	while ((key = options_next(&options)) != OPTIONS_END) {
		if (key == LIST_ARCH) {
			status = take_arch(&listing, &options);
		} else if (key == LIST_JSON) {
			json_decref(listing.array);
			listing.array = json_array();
			listing.failed = !listing.array;
		} else {
			status = options.status;
			goto out;
		}
		if (status != COMMAND_GOOD)
			goto out;
	}
	status = list_run(&options, &listing);
out:
	json_decref(listing.array);
	text_release(&listing.text);
	return status;
}
