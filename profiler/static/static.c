/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/static.h"

#include "profiler/static/reach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SITES_MAX = 4,
	CALLS_MAX = 4096,   /* numbers; a site with one more counts as unknown */
	UNKNOWN_MAX = 4096, /* sites */
	NAMED_MAX = 64,     /* of these, with the function's name */
	NAME_KEPT = 256,    /* bytes of a symbol's name */
	X32_BIT = 0x40000000,
};

static const struct span nowhere;

struct collection {
	struct arena *arena;
	struct static_evidence *evidence;
};

const char *static_unavailable(struct arena *arena)
{
	struct disassembler capstone;
	const char *why = disassembler_load(&capstone);

	if (why)
		why = arena_printf(arena, "the disassembler library cannot be loaded: %s", why);
	disassembler_unload(&capstone);
	return why;
}

static const char *keep(struct arena *arena, const char *text)
{
	if (!text)
		return NULL;
	return strnlen(text, NAME_KEPT + 1) > NAME_KEPT
		       ? arena_printf(arena, "%.*s...", NAME_KEPT, text)
		       : arena_copy(arena, text, strlen(text));
}

/* As much of them as is kept. */
static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strncmp(a, b, NAME_KEPT) == 0);
}

static struct static_call *call_of(struct collection *collection, enum abi_id abi, uint32_t number)
{
	struct static_evidence *evidence = collection->evidence;
	struct static_call *call;

	if (abi == ABI_X86_64 && number & X32_BIT)
		abi = ABI_X32;
	for (size_t i = 0; i < evidence->calls.count; i++)
		if (evidence->calls.items[i]->abi == abi &&
		    evidence->calls.items[i]->number == number)
			return evidence->calls.items[i];
	call = arena_alloc(collection->arena, sizeof(*call));
	call->abi = abi;
	call->number = number;
	call->call = call_by_number(abi, number);
	*VEC_PUSH(collection->arena, &evidence->calls) = call;
	return call;
}

static struct static_site make_site(struct collection *collection, const struct object *object,
				    uint64_t address, const struct reach_way *way)
{
	return (struct static_site){
		.object = keep(collection->arena, object->image.name),
		.address = address,
		.via = keep(collection->arena, way->via),
		.origin = way->origin,
	};
}

static void add_site(struct collection *collection, struct static_call *call,
		     const struct object *object, uint64_t address, const struct reach_way *way)
{
	call->count++;
	for (size_t i = 0; i < call->sites.count; i++)
		if (same_text(call->sites.items[i].object, object->image.name) &&
		    same_text(call->sites.items[i].via, way->via))
			return;
	if (call->sites.count < SITES_MAX)
		*VEC_PUSH(collection->arena, &call->sites) =
			make_site(collection, object, address, way);
}

static void add_unknown(struct collection *collection, const struct object *object,
			uint64_t address, const struct reach_way *way)
{
	struct static_evidence *evidence = collection->evidence;
	struct static_site *site;

	for (size_t i = 0; i < evidence->unknown.count; i++)
		if (evidence->unknown.items[i].address == address &&
		    same_text(evidence->unknown.items[i].object, object->image.name))
			return;
	if (evidence->unknown.count == UNKNOWN_MAX) {
		evidence->unknown_more++;
		return;
	}
	site = VEC_PUSH(collection->arena, &evidence->unknown);
	*site = make_site(collection, object, address, way);
	if (evidence->unknown.count <= NAMED_MAX)
		site->function = keep(collection->arena, object_name_at(object, address));
}

static void collect(void *context, const struct object *object, uint64_t address, enum abi_id abi,
		    const struct value *number, const struct reach_way *way)
{
	struct collection *collection = context;

	if (number->kind != VALUE_CONSTANT || collection->evidence->calls.count >= CALLS_MAX) {
		add_unknown(collection, object, address, way);
		return;
	}
	for (unsigned int i = 0; i < number->count; i++)
		add_site(collection, call_of(collection, abi, (uint32_t)number->constants[i]),
			 object, address, way);
}

static int order_calls(const void *left, const void *right)
{
	const struct static_call *a = *(struct static_call *const *)left;
	const struct static_call *b = *(struct static_call *const *)right;

	if (a->abi != b->abi)
		return a->abi < b->abi ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* Functions through which a program comes to run code that no table of it names. */
static const char *const loading_functions[] = {
	"dlopen",
	"dlmopen",
	"dlsym",
	"dlvsym",
	"__libc_dlopen_mode",
	/* By the name service switch and the converters of character sets, in glibc. */
	"getaddrinfo",
	"getnameinfo",
	"gethostbyname",
	"gethostbyname_r",
	"gethostbyname2",
	"gethostbyname2_r",
	"gethostbyaddr",
	"gethostbyaddr_r",
	"getpwnam",
	"getpwnam_r",
	"getpwuid",
	"getpwuid_r",
	"getpwent",
	"getgrnam",
	"getgrnam_r",
	"getgrgid",
	"getgrgid_r",
	"getgrent",
	"getgrouplist",
	"initgroups",
	"getservbyname",
	"getservbyport",
	"getprotobyname",
	"getspnam",
	"iconv_open",
};

static bool has_text(const char *const *items, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(items[i], text) == 0)
			return true;
	return false;
}

static void collect_missing(struct arena *arena, struct static_evidence *evidence,
			    const struct link_scope *scope)
{
	for (size_t i = 0; i < scope->missing.count; i++) {
		const char *name = scope->missing.items[i];

		if (has_text(evidence->missing.items, evidence->missing.count, name))
			continue;
		if (evidence->missing.count == STATIC_MISSING_MAX)
			evidence->missing_more++;
		else
			*VEC_PUSH(arena, &evidence->missing) =
				arena_copy(arena, name, strlen(name));
	}
	evidence->missing_more += scope->missing_more;
}

static bool was_entered(const struct reach *reach, const char *name)
{
	for (size_t i = 0; i < reach->functions.count; i++)
		if (same_text(reach->functions.items[i].way.via, name))
			return true;
	return false;
}

static void collect_loaders(struct arena *arena, struct static_evidence *evidence,
			    const struct reach *reach)
{
	for (size_t i = 0; i < sizeof(loading_functions) / sizeof(loading_functions[0]); i++)
		if (was_entered(reach, loading_functions[i]) &&
		    !has_text(evidence->loaders.items, evidence->loaders.count,
			      loading_functions[i]))
			*VEC_PUSH(arena, &evidence->loaders) = loading_functions[i];
}

static int analyse(struct arena *arena, struct static_evidence *evidence, struct link_scope *scope,
		   const char *path, uint64_t steps, struct diags *diags)
{
	struct collection collection = {arena, evidence};
	struct reach reach = {.arena = arena,
			      .scope = scope,
			      .steps = steps,
			      .found = collect,
			      .context = &collection};
	int error = reach_all(&reach);

	if (error == -E2BIG) {
		diag_error(diags, DIAG_STATIC, nowhere,
			   "%s: its code cannot be followed in a reasonable time", path);
		error = -ENOEXEC;
	}
	if (!error) {
		collect_loaders(arena, evidence, &reach);
		collect_missing(arena, evidence, scope);
		evidence->objects += scope->objects.count;
		evidence->functions += reach.functions.count;
		*VEC_PUSH(arena, &evidence->programs) = arena_copy(arena, path, strlen(path));
		if (evidence->calls.count)
			qsort(evidence->calls.items, evidence->calls.count,
			      sizeof(*evidence->calls.items), order_calls);
	}
	reach_release(&reach);
	return error;
}

int static_add(struct arena *arena, struct static_evidence *evidence, const char *path,
	       const struct static_options *options, struct diags *diags)
{
	struct link_scope scope = {0};
	int error = link_scope_load(arena, &scope, path, options, diags);

	if (!error)
		error = analyse(arena, evidence, &scope, path, options->steps, diags);
	link_scope_release(&scope);
	return error;
}
