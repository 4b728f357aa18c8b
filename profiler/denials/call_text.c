/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/denials/call_text.h"

#include "policy-lang/ast.h"
#include "profiler/infer/names.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum {
	PATH_SHOWN = 200, /* bytes */
	PAGE = 4096,
};

/* Arguments that point to a name of a file. */
static bool is_path(const char *name)
{
	static const char *const names[] = {"pathname", "path",    "filename", "oldpath",
					    "newpath",  "target",  "linkpath", "source",
					    "name",     "special", NULL};

	for (size_t i = 0; names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* What stands between quotes ends where it seems to. */
static const char *escape_quotes(struct arena *arena, const char *string)
{
	const char *text = "";
	size_t length;

	for (; string[length = strcspn(string, "\"")]; string += length + 1)
		text = arena_printf(arena, "%s%.*s\\x22", text, (int)length, string);
	return *text ? arena_printf(arena, "%s%s", text, string) : string;
}

/* The string at ADDRESS in quotes, or the address where it cannot be read. */
static const char *path_text(struct arena *arena, const struct call_event *event, uint64_t address)
{
	const char *address_text = arena_printf(arena, "0x%" PRIx64, address);
	char bytes[PATH_SHOWN + 1];
	size_t length = 0, end;
	bool cut;

	/* Not beyond a page that may be the last one. */
	while (length < sizeof(bytes)) {
		size_t piece = PAGE - (address + length) % PAGE;

		if (piece > sizeof(bytes) - length)
			piece = sizeof(bytes) - length;
		if (!event->read_memory ||
		    event->read_memory(event->user, address + length, bytes + length, piece) < 0)
			return address_text;
		length += piece;
		if (memchr(bytes + length - piece, '\0', piece))
			break;
	}
	end = strnlen(bytes, length);
	cut = end == length;
	return arena_printf(arena, "\"%s\"%s",
			    escape_quotes(arena, recording_escape(arena, bytes, end)),
			    cut ? "..." : "");
}

static const char *expr_text(struct arena *arena, const struct expr *expr)
{
	struct text text = {0};
	const char *copy;

	ast_print_expr(expr, &text);
	copy = text.failed ? "?" : arena_copy(arena, text.bytes, text.length);
	text_release(&text);
	return copy;
}

static const char *named_text(struct arena *arena, const struct infer_column *column,
			      const struct call_arg *arg, uint64_t value)
{
	struct infer_column part = *column;
	uint64_t rest = arg->mask ? value & ~(uint64_t)arg->mask : 0;
	const char *text;

	if (arg->use == ARG_FLAGS) {
		text = expr_text(arena, infer_name_flags(arena, &part, value));
		/* The access mode is a field, and reading its 0. */
		if (strcmp(arg->family, "O_") != 0 || value & O_ACCMODE)
			return text;
		return value ? arena_printf(arena, "O_RDONLY | %s", text) : "O_RDONLY";
	}
	text = expr_text(arena, infer_name_value(arena, &part, value & ~rest));
	if (!rest)
		return text;
	return arena_printf(arena, "%s | %s", text,
			    expr_text(arena, infer_name_flags(arena, &part, rest)));
}

static int64_t sign_extended(uint64_t value, unsigned int bits)
{
	return bits == 64 ? (int64_t)value : (int64_t)(value << (64 - bits)) >> (64 - bits);
}

static const char *argument_text(struct arena *arena, const struct call_event *event,
				 enum abi_id abi, const struct call_arg *arg,
				 const struct arg_place *place)
{
	struct infer_column column = {arg->name,   arg->family,      arg->mask, abi,
				      place->bits, place->is_signed, false};
	uint64_t value = event->args[place->low];

	if (place->split)
		value = (value & UINT32_MAX) | event->args[place->high] << 32;
	else if (place->bits < 64)
		value &= ((uint64_t)1 << place->bits) - 1;
	if (arg->kind == ARG_POINTER) {
		if (!value)
			return "NULL";
		return is_path(arg->name) ? path_text(arena, event, value)
					  : arena_printf(arena, "0x%" PRIx64, value);
	}
	if (arg->family && arg->use != ARG_OPAQUE)
		return named_text(arena, &column, arg, value);
	if (arg->kind == ARG_FD && sign_extended(value, place->bits) == AT_FDCWD)
		return "AT_FDCWD";
	if (arg->kind == ARG_UMODE)
		return arena_printf(arena, "%#" PRIo64, value);
	if (place->is_signed)
		return arena_printf(arena, "%" PRId64, sign_extended(value, place->bits));
	return arena_printf(arena, value < 1 << 20 ? "%" PRIu64 : "0x%" PRIx64, value);
}

const char *call_event_text(struct arena *arena, const struct call_event *event)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	call_id call = abi ? call_by_number(abi->id, event->number) : CALL_NONE;
	const struct call_arg *args;
	unsigned int count = CALL_ARGS_MAX;
	const char *text = "";

	if (call == CALL_NONE) {
		for (unsigned int i = 0; i < count; i++)
			text = arena_printf(arena, "%s%s0x%" PRIx64, text, i ? ", " : "",
					    event->args[i]);
		return arena_printf(arena, "%" PRIu32 "(%s)", event->number, text);
	}
	args = call_args(call, abi->id, &count);
	for (unsigned int i = 0; i < count; i++) {
		struct arg_place place = call_arg_place(call, abi->id, i);

		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
				    argument_text(arena, event, abi->id, &args[i], &place));
	}
	return arena_printf(arena, "%s(%s)", call_get(call)->name, text);
}
