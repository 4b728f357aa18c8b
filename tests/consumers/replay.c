/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/consumers/replay.h"

#include <errno.h>
#include <jansson.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint32_t abi_token(enum abi_id id)
{
	return seccomp_arch_resolve_name(abi_get(id)->name);
}

static int failed(const char *what, const char *name, int error)
{
	fprintf(stderr, "replay: %s %s: %s\n", what, name, strerror(-error));
	return error;
}

/* jansson's integers have 63 bits: numbers above get quotes, for json_number64() to read. */
static char *quote_long_numbers(const char *text)
{
	char *copy = malloc(strlen(text) * 2 + 1);
	char *to = copy;
	bool in_string = false;

	while (copy && *text) {
		size_t digits = in_string ? 0 : strspn(text, "0123456789");

		if (digits >= 19)
			*to++ = '"';
		if (digits) {
			memcpy(to, text, digits);
			to += digits;
			text += digits;
		} else {
			in_string ^= *text == '"';
			*to++ = *text++;
		}
		if (digits >= 19)
			*to++ = '"';
	}
	if (copy)
		*to = '\0';
	return copy;
}

static uint64_t json_number64(const json_t *value)
{
	if (json_is_string(value))
		return strtoull(json_string_value(value), NULL, 10);
	return (uint64_t)json_integer_value(value);
}

static uint32_t oci_action(const json_t *object, const char *key, const char *errno_key)
{
	const char *name = json_string_value(json_object_get(object, key));
	const json_t *number = json_object_get(object, errno_key);
	uint32_t data = number ? (uint32_t)json_integer_value(number) : 1;

	if (!strcmp(name, "SCMP_ACT_ALLOW"))
		return SCMP_ACT_ALLOW;
	if (!strcmp(name, "SCMP_ACT_ERRNO"))
		return SCMP_ACT_ERRNO(data);
	if (!strcmp(name, "SCMP_ACT_TRACE"))
		return SCMP_ACT_TRACE(data);
	if (!strcmp(name, "SCMP_ACT_KILL_PROCESS"))
		return SCMP_ACT_KILL_PROCESS;
	if (!strcmp(name, "SCMP_ACT_KILL_THREAD"))
		return SCMP_ACT_KILL_THREAD;
	if (!strcmp(name, "SCMP_ACT_TRAP"))
		return SCMP_ACT_TRAP;
	return SCMP_ACT_LOG;
}

static int oci_add(scmp_filter_ctx context, const char *name, uint32_t action, const json_t *args)
{
	struct scmp_arg_cmp tests[6];
	unsigned int count = 0;
	int number = seccomp_syscall_resolve_name(name);
	size_t index;
	json_t *arg;

	if (number == __NR_SCMP_ERROR)
		return 0;
	json_array_foreach(args, index, arg)
	{
		tests[count++] = (struct scmp_arg_cmp){
			.arg = (unsigned int)json_integer_value(json_object_get(arg, "index")),
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = json_number64(json_object_get(arg, "value")),
			.datum_b = json_number64(json_object_get(arg, "valueTwo")),
		};
		if (strcmp(json_string_value(json_object_get(arg, "op")), "SCMP_CMP_MASKED_EQ"))
			return -EINVAL;
	}
	return seccomp_rule_add_array(context, action, number, count, tests);
}

static int replay_take(scmp_filter_ctx context, struct replay *replay)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	int error = fd < 0 ? -errno : seccomp_export_bpf(context, fd);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (!error) {
		replay->filter.instructions = malloc((size_t)size);
		replay->filter.count = (uint32_t)((size_t)size / sizeof(struct sock_filter));
		if (!replay->filter.instructions ||
		    pread(fd, replay->filter.instructions, (size_t)size, 0) != size)
			error = -EIO;
	}
	if (fd >= 0)
		close(fd);
	return error;
}

/* What libcontainer/seccomp/patchbpf does in front of the filter. */
static void oci_stub(const json_t *profile, uint32_t fallback, struct replay *replay)
{
	size_t i, j;
	json_t *arch, *call, *name;

	if (fallback == SCMP_ACT_ALLOW || fallback == SCMP_ACT_LOG ||
	    (fallback & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE)
		return;
	json_array_foreach(json_object_get(profile, "architectures"), i, arch)
	{
		for (unsigned int id = 0; id < ABI_COUNT; id++) {
			const char *spelling = json_string_value(arch) + strlen("SCMP_ARCH_");
			int highest = 0;

			if (strcasecmp(spelling, abi_get((enum abi_id)id)->name))
				continue;
			json_array_foreach(json_object_get(profile, "syscalls"), j, call)
			{
				size_t k;

				json_array_foreach(json_object_get(call, "names"), k, name)
				{
					int number = seccomp_syscall_resolve_name_arch(
						abi_token((enum abi_id)id),
						json_string_value(name));

					highest = number > highest ? number : highest;
				}
			}
			if (highest) {
				replay->stubbed |= ABI_BIT(id);
				replay->last[id] = (uint32_t)highest;
			}
		}
	}
}

static bool is_answer(uint32_t k)
{
	switch (k & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_THREAD:
		return k == SECCOMP_RET_KILL_THREAD;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return true;
	default:
		return false;
	}
}

/*
 * libseccomp exports in the byte order of the machine that the filter is for. Answers that stand in
 * for one out of a jump's reach it turns twice; on a machine of that order nothing is turned.
 */
static void replay_turn(struct replay *replay)
{
	for (uint32_t i = 0; i < replay->filter.count; i++) {
		struct sock_filter *insn = &replay->filter.instructions[i];

		insn->code = __builtin_bswap16(insn->code);
		if (BPF_CLASS(insn->code) != BPF_RET || is_answer(__builtin_bswap32(insn->k)))
			insn->k = __builtin_bswap32(insn->k);
	}
	replay->filter.big_endian = true;
}

/* As seccomp_init() is on a machine of another ABI. */
static int oci_nativise(scmp_filter_ctx context, enum abi_id native)
{
	int error = 0;

	if (native == ABI_X86_64)
		return 0;
	error = seccomp_arch_remove(context, SCMP_ARCH_X86_64);
	if (!error)
		error = seccomp_arch_add(context, abi_token(native));
	return error ? failed("arch", abi_get(native)->name, error) : 0;
}

static int oci_build(const json_t *profile, scmp_filter_ctx context, uint32_t fallback)
{
	size_t i, j;
	json_t *arch, *call, *name;
	int error = 0;

	json_array_foreach(json_object_get(profile, "architectures"), i, arch)
	{
		for (unsigned int id = 0; id < ABI_COUNT; id++) {
			const char *spelling = json_string_value(arch) + strlen("SCMP_ARCH_");

			if (strcasecmp(spelling, abi_get((enum abi_id)id)->name))
				continue;
			error = seccomp_arch_add(context, abi_token((enum abi_id)id));
			if (error && error != -EEXIST)
				return failed("arch", spelling, error);
		}
	}
	json_array_foreach(json_object_get(profile, "syscalls"), i, call)
	{
		uint32_t action = oci_action(call, "action", "errnoRet");

		if (action == fallback)
			continue;
		json_array_foreach(json_object_get(call, "names"), j, name)
		{
			error = oci_add(context, json_string_value(name), action,
					json_object_get(call, "args"));
			if (error)
				return failed("rule for", json_string_value(name), error);
		}
	}
	return 0;
}

int replay_oci(const char *text, enum abi_id native, struct replay *replay)
{
	char *quoted = quote_long_numbers(text);
	json_error_t mistake;
	json_t *profile = json_loads(quoted, 0, &mistake);
	scmp_filter_ctx context;
	uint32_t fallback;
	int error;

	*replay = (struct replay){0};
	free(quoted);
	if (!profile)
		return failed("profile:", mistake.text, -EINVAL);
	fallback = oci_action(profile, "defaultAction", "defaultErrnoRet");
	context = seccomp_init(fallback);
	error = oci_nativise(context, native);
	if (!error)
		error = oci_build(profile, context, fallback);
	if (!error)
		error = replay_take(context, replay);
	if (!error && abi_get(native)->big_endian)
		replay_turn(replay);
	oci_stub(profile, fallback, replay);
	seccomp_release(context);
	json_decref(profile);
	return error;
}

static uint32_t lxc_action(const char *text)
{
	unsigned int number = 0;

	if (!strncmp(text, "errno ", 6) && sscanf(text + 6, "%u", &number) == 1)
		return SCMP_ACT_ERRNO(number);
	if (!strncmp(text, "allow", 5))
		return SCMP_ACT_ALLOW;
	if (!strncmp(text, "trap", 4))
		return SCMP_ACT_TRAP;
	return SCMP_ACT_KILL;
}

/* One line to one context: the main one for x86_64, or one of an ABI beside it. */
static int lxc_add(scmp_filter_ctx context, uint32_t token, const char *line)
{
	struct scmp_arg_cmp tests[6] = {0};
	unsigned int count = 0;
	char name[64] = "";
	const char *at = strchr(line, '[');
	int number;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " "), line);
	number = seccomp_syscall_resolve_name(name);
	if (number == __NR_SCMP_ERROR || (number < 0 && token == SCMP_ARCH_X86_64) ||
	    seccomp_syscall_resolve_name_arch(token, name) < 0)
		return 0;
	for (; at; at = strchr(at + 1, '[')) {
		char op[32] = "", value_text[24] = "", mask_text[24] = "0";
		uint64_t value, mask;
		unsigned int index = 0;

		if (sscanf(at, "[%u,%23[^,],%30[^],],%23[^]]", &index, value_text, op, mask_text) <
		    3)
			return -EINVAL;
		value = strtoull(value_text, NULL, 0);
		mask = strtoull(mask_text, NULL, 0);
		if (!strcmp(op, "SCMP_CMP_MASKED_EQ")) {
			tests[count++] =
				(struct scmp_arg_cmp){index, SCMP_CMP_MASKED_EQ, mask, value};
		} else if (!strcmp(op, "SCMP_CMP_LT")) {
			tests[count++] = (struct scmp_arg_cmp){index, SCMP_CMP_LT, value, 0};
		} else if (!strcmp(op, "SCMP_CMP_GT")) {
			tests[count++] = (struct scmp_arg_cmp){index, SCMP_CMP_GT, value, 0};
		} else {
			return -EINVAL;
		}
	}
	return seccomp_rule_add_exact_array(context, lxc_action(strchr(line, ' ') + 1), number,
					    count, tests);
}

static scmp_filter_ctx lxc_context(uint32_t fallback, uint32_t token)
{
	scmp_filter_ctx context = seccomp_init(fallback);

	if (context && token != SCMP_ARCH_X86_64 &&
	    (seccomp_arch_add(context, token) || seccomp_arch_remove(context, SCMP_ARCH_NATIVE)))
		abort();
	return context;
}

int replay_lxc(const char *text, struct replay *replay)
{
	static const uint32_t order[] = {SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32};
	scmp_filter_ctx contexts[3] = {NULL, NULL, NULL};
	char *copy = strdup(text);
	char *rest = copy;
	char *line = strsep(&rest, "\n"); /* the version */
	int error = 0;

	*replay = (struct replay){0};
	line = strsep(&rest, "\n");
	for (unsigned int i = 0; i < 3; i++)
		contexts[i] = lxc_context(lxc_action(strchr(line, ' ') + 1), order[i]);
	while (!error && (line = strsep(&rest, "\n"))) {
		if (!*line || *line == '#' || *line == '[')
			continue;
		for (unsigned int i = 0; i < 3 && !error; i++)
			error = lxc_add(contexts[i], order[i], line);
		if (error)
			failed("line", line, error);
	}
	for (unsigned int i = 1; i < 3; i++) {
		if (error)
			seccomp_release(contexts[i]);
		else
			error = seccomp_merge(contexts[0], contexts[i]);
	}
	if (!error)
		error = replay_take(contexts[0], replay);
	seccomp_release(contexts[0]);
	free(copy);
	return error;
}
