/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/libpale/plan.h"

#include "runtime/calls.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * What a bundle of this version can hold is applied in apply.c or refused here. Whoever raises the
 * version says here what becomes of what it brings.
 */
_Static_assert(BUNDLE_VERSION == 4, "the new version's contents are applied or refused");

int error_set(struct pale_error *error, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return code;
}

/* A process cannot move all its threads, and some of them are for its children only. */
static int refuse_namespaces(uint32_t namespaces, struct pale_error *error)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} kinds[] = {
		{BUNDLE_NAMESPACE_USER, " user"},     {BUNDLE_NAMESPACE_MOUNT, " mount"},
		{BUNDLE_NAMESPACE_PID, " pid"},       {BUNDLE_NAMESPACE_NET, " net"},
		{BUNDLE_NAMESPACE_IPC, " ipc"},       {BUNDLE_NAMESPACE_UTS, " uts"},
		{BUNDLE_NAMESPACE_CGROUP, " cgroup"}, {BUNDLE_NAMESPACE_TIME, " time"},
	};
	char names[64] = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (namespaces & kinds[i].flag)
			strcat(names, kinds[i].name);
	return error_set(error, -EOPNOTSUPP,
			 "the policy's sandbox has namespaces (%s), which a running program cannot "
			 "enter: start it with pale-run",
			 names + 1);
}

/* Ids and capabilities belong to a thread, and the others would keep theirs. */
static int check_threads(const struct bundle_view *view, struct pale_error *error)
{
	int single;

	if (!(view->flags & BUNDLE_SANDBOX_FLAGS))
		return 0;
	single = threads_single();
	if (single < 0)
		return error_set(error, single,
				 "cannot find out whether the program has one thread, which a "
				 "policy with ids or capabilities needs: /proc is missing");
	if (!single)
		return error_set(error, -EBUSY,
				 "the policy's sandbox changes ids or capabilities, which must be "
				 "done before the program starts threads");
	return 0;
}

/* Without a filter to read it is EFAULT, unless there is nothing to read it for. */
static int check_kernel(struct pale_error *error)
{
	long answer = sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL);

	if (answer == -EFAULT)
		return 0;
	if (answer == -EINVAL || answer == -ENOSYS)
		return error_set(
			error, -ENOSYS,
			"the kernel has no seccomp filters, or an outer filter hides them");
	return error_set(
		error, (int)answer,
		"seccomp filters cannot be used here: one that is in force, such as that of "
		"pale-run, denies the call");
}

/* Which phase NAME is, NULL being the first; negative errno for none of those that come later. */
static int find_phase(const struct bundle_view *view, const char *name, struct pale_error *error)
{
	char names[160] = "";
	size_t length = 0;

	if (!name)
		return 0;
	for (uint32_t i = 0; i < view->phase_count; i++) {
		const char *phase = (const char *)view->phases + (size_t)i * BUNDLE_PHASE_SIZE;

		if (!strcmp(phase, name))
			return (int)i + 1;
		if (length < sizeof(names))
			length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
						   i ? ", " : "", phase);
	}
	if (!view->phase_count)
		return error_set(error, -ENOENT,
				 "there is no phase '%.63s': the policy has the first one alone",
				 name);
	return error_set(error, -ENOENT, "there is no later phase '%.63s' in the policy, but %s%s",
			 name, names, length < sizeof(names) ? "" : "...");
}

static int find_filter(struct plan *plan, uint32_t phase, struct pale_error *error)
{
	const struct bundle_filter *filter = bundle_find_filter(
		&plan->view, phase, bundle_arch_machine(ARCH_AUDIT), ARCH_BIG_ENDIAN);

	if (!filter)
		return error_set(error, -ENOEXEC, "the bundle has no filter for this machine");
	plan->filter = filter;
	if (!bundle_filter_serves(filter, ARCH_AUDIT, __NR_seccomp))
		return error_set(error, -ENOEXEC,
				 "the bundle's filter is not for the ABI that this program has");
	plan->count = filter->instruction_count;
	for (uint32_t i = 0; i < plan->count; i++) {
		const unsigned char *at = filter->instructions + i * BUNDLE_INSTRUCTION_SIZE;

		plan->instructions[i] = (struct sock_filter){
			.code = bundle_get16(at + BUNDLE_INSTRUCTION_AT_CODE),
			.jt = at[BUNDLE_INSTRUCTION_AT_JT],
			.jf = at[BUNDLE_INSTRUCTION_AT_JF],
			.k = bundle_get32(at + BUNDLE_INSTRUCTION_AT_K),
		};
	}
	return 0;
}

/* The number given for a name of the bundle's list; NULL for none. */
static const struct pale_value *find_value(const struct given_values *given, const char *name)
{
	for (size_t i = 0; i < given->count; i++)
		if (given->values[i].name && !strcmp(given->values[i].name, name))
			return &given->values[i];
	return NULL;
}

/* Every name that the bundle asks for is given, once, and no other is. */
static int check_values(const struct bundle_view *view, const struct given_values *given,
			struct pale_error *error)
{
	for (uint32_t i = 0; i < view->load_count; i++) {
		const char *name = (const char *)view->loads + (size_t)i * BUNDLE_LOAD_SIZE;

		if (!find_value(given, name))
			return error_set(error, -EINVAL,
					 "the policy wants a value for '%s', and none is given",
					 name);
	}
	for (size_t i = 0; i < given->count; i++) {
		const char *name = given->values[i].name;
		bool wanted = false;

		for (uint32_t j = 0; name && j < view->load_count; j++)
			wanted = wanted || !strcmp(name, (const char *)view->loads +
								 (size_t)j * BUNDLE_LOAD_SIZE);
		if (!wanted)
			return error_set(error, -EINVAL, "the policy does not ask for '%s'",
					 name ? name : "");
		if (find_value(given, name) != &given->values[i])
			return error_set(error, -EINVAL, "'%s' is given twice", name);
	}
	return 0;
}

static int fill_values(struct plan *plan, const struct given_values *given,
		       struct pale_error *error)
{
	const struct bundle_filter *filter = plan->filter;
	int code = check_values(&plan->view, given, error);

	for (uint32_t i = 0; i < filter->patch_count && !code; i++) {
		const unsigned char *patch = filter->patches + (size_t)i * BUNDLE_PATCH_SIZE;
		uint32_t load = bundle_get16(patch + BUNDLE_PATCH_AT_LOAD);
		const char *name =
			(const char *)plan->view.loads + (size_t)(load / 2) * BUNDLE_LOAD_SIZE;
		uint64_t number = find_value(given, name)->number;

		if (!bundle_load_fits(bundle_get16(patch + BUNDLE_PATCH_AT_BITS), number))
			code = error_set(error, -ERANGE,
					 "an argument that the policy compares with '%s' is too "
					 "narrow for the number that is given",
					 name);
		plan->instructions[bundle_get32(patch + BUNDLE_PATCH_AT_INSTRUCTION)].k =
			(uint32_t)(load & 1 ? number >> 32 : number);
	}
	return code;
}

/* The filter of PHASE, NULL being the first, with its values. */
static int plan_filter(struct plan *plan, const void *bundle, size_t size, const char *phase,
		       const struct given_values *given, struct pale_error *error)
{
	const char *why = "it is too large";
	int code;

	if (size <= BUNDLE_SIZE_MAX)
		why = bundle_check(bundle, (uint32_t)size, &plan->view);
	if (why)
		return error_set(error, -EINVAL, "the bundle is not to be used: %s", why);
	code = find_phase(&plan->view, phase, error);
	if (code >= 0)
		code = find_filter(plan, (uint32_t)code, error);
	return code ? code : fill_values(plan, given, error);
}

int plan_make_phase(struct plan *plan, const void *bundle, size_t size, const char *phase,
		    const struct given_values *given, struct pale_error *error)
{
	return plan_filter(plan, bundle, size, phase, given, error);
}

int plan_make(struct plan *plan, const void *bundle, size_t size, const struct given_values *given,
	      struct pale_error *error)
{
	int code = plan_filter(plan, bundle, size, NULL, given, error);

	if (!code && plan->view.namespaces)
		code = refuse_namespaces(plan->view.namespaces, error);
	if (!code)
		code = check_threads(&plan->view, error);
	return code ? code : check_kernel(error);
}
