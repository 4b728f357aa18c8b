/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/backend/writer.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A step of libseccomp's or the kernel's that failed: nothing of the policy's is wrong. */
static void report_failure(struct writer *writer, const char *step, int error)
{
	writer_refuse(writer, (struct span){0}, "%s fails at %s: %s", writer->library->version,
		      step, strerror(-error));
}

/* An empty context whose one ABI is ABI. */
static scmp_filter_ctx context_open(struct writer *writer, const struct abi *abi)
{
	const struct seccomp_functions *functions = writer->library->functions;
	uint32_t arch = functions->seccomp_arch_resolve_name(abi->name);
	scmp_filter_ctx context = functions->seccomp_init(writer->fallback);
	int error = context ? 0 : -ENOMEM;

	/* A context begins with the ABI that libseccomp was built for, and has one byte order. */
	if (!error && arch != functions->seccomp_arch_native()) {
		error = functions->seccomp_arch_remove(context, SCMP_ARCH_NATIVE);
		if (!error)
			error = functions->seccomp_arch_add(context, arch);
	}
	if (!error)
		error = functions->seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH,
						    writer->rules->foreign);
	if (!error)
		error = functions->seccomp_attr_set(context, SCMP_FLTATR_API_TSKIP, 1);
	if (!error)
		return context;
	report_failure(writer, "a context", error);
	if (context)
		functions->seccomp_release(context);
	return NULL;
}

/* The context for one ABI with its rules, or NULL. */
static scmp_filter_ctx context_make(struct writer *writer, const struct ruleset *rules)
{
	call_rule_list list = {0};
	scmp_filter_ctx context;

	if (!writer_read_rules(writer, rules, &list) || !writer_check_rules(writer, rules, &list))
		return NULL;
	context = context_open(writer, rules->abi);
	if (context && !writer_add_rules(writer, rules, &list, context)) {
		writer->library->functions->seccomp_release(context);
		return NULL;
	}
	return context;
}

/*
 * Each ABI's rules go into a context of their own, since libseccomp gives a rule to all ABIs of a
 * context; merged they are one filter.
 */
static scmp_filter_ctx contexts_merge(struct writer *writer)
{
	const struct seccomp_functions *functions = writer->library->functions;
	scmp_filter_ctx all = NULL;
	bool good = true;

	for (size_t i = 0; i < writer->rules->rulesets.count; i++) {
		scmp_filter_ctx one = context_make(writer, &writer->rules->rulesets.items[i]);
		int error = 0;

		good = good && one;
		if (!all || !one) {
			all = all ? all : one;
			continue;
		}
		/* Takes ONE over where it succeeds. */
		error = functions->seccomp_merge(all, one);
		if (!error)
			continue;
		report_failure(writer, "merging", error);
		functions->seccomp_release(one);
		good = false;
	}
	if (good || !all)
		return all;
	functions->seccomp_release(all);
	return NULL;
}

/* libseccomp exports in the byte order of the machine that the filter is for. */
static void filter_turn(struct filter *filter)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		filter->instructions[i].code = __builtin_bswap16(filter->instructions[i].code);
		filter->instructions[i].k = __builtin_bswap32(filter->instructions[i].k);
	}
}

static int filter_read(struct arena *arena, int fd, struct filter *filter)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	if (!size || size % (off_t)sizeof(*filter->instructions))
		return -EIO;
	filter->count = (uint32_t)((size_t)size / sizeof(*filter->instructions));
	filter->instructions =
		arena_alloc_array(arena, filter->count, sizeof(*filter->instructions));
	return pread(fd, filter->instructions, (size_t)size, 0) == size ? 0 : -EIO;
}

static int context_export(struct writer *writer, scmp_filter_ctx context,
			  enum libseccomp_level level, struct filter *filter)
{
	const struct seccomp_functions *functions = writer->library->functions;
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int error = fd < 0 ? -errno : 0;

	if (!error)
		error = functions->seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, level);
	if (!error)
		error = functions->seccomp_export_bpf(context, fd);
	if (!error)
		error = filter_read(writer->arena, fd, filter);
	if (fd >= 0)
		close(fd);
	return error;
}

static bool filter_fits(struct writer *writer, const struct filter *filter)
{
	const char *why;
	uint32_t at;

	if (filter->count > FILTER_INSTRUCTIONS_MAX) {
		diag_error(writer->diags, DIAG_LIMIT, (struct span){0},
			   "the filter of %s has %u instructions, and the kernel takes %u",
			   writer->library->version, filter->count, FILTER_INSTRUCTIONS_MAX);
		return false;
	}
	if (!filter_check(filter, &at, &why))
		return true;
	writer_refuse(writer, (struct span){0},
		      "%s makes a filter that the kernel refuses: instruction %u: %s",
		      writer->library->version, at, why);
	return false;
}

struct filter *libseccomp_compile(struct arena *arena, const struct libseccomp *library,
				  const struct policy_rules *rules, enum libseccomp_level level,
				  struct diags *diags)
{
	struct writer writer = {.arena = arena, .library = library, .rules = rules, .diags = diags};
	struct filter *filter = arena_alloc(arena, sizeof(*filter));
	scmp_filter_ctx context;
	int error;

	if (!writer_check(&writer))
		return NULL;
	context = contexts_merge(&writer);
	if (!context)
		return NULL;
	error = context_export(&writer, context, level, filter);
	library->functions->seccomp_release(context);
	if (error) {
		report_failure(&writer, "the export", error);
		return NULL;
	}
	filter->abis = policy_rules_abis(rules);
	filter->big_endian = rules->rulesets.items[0].abi->big_endian;
	if (filter->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		filter_turn(filter);
	return filter_fits(&writer, filter) ? filter : NULL;
}
