/* SPDX-License-Identifier: Apache-2.0 */
/* A seccomp profile of LXC, version 2. No carriage returns, and no blanks inside a condition. */
#include "compiler/exchange/format.h"

#include <assert.h>
#include <inttypes.h>
#include <linux/seccomp.h>

static void print_action(struct text *out, seccomp_action action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		text_add_string(out, "allow");
		break;
	case SECCOMP_RET_ERRNO:
		text_printf(out, "errno %u", action & SECCOMP_RET_DATA);
		break;
	case SECCOMP_RET_TRAP:
		text_add_string(out, "trap");
		break;
	default:
		assert(action == SECCOMP_RET_KILL_THREAD);
		text_add_string(out, "kill");
		break;
	}
}

static void print_line(struct text *out, const struct export_entry *entry, const char *guard)
{
	const char *separator = " ";

	text_printf(out, "%s ", call_get(entry->call)->name);
	print_action(out, entry->action);
	for (unsigned int i = 0; i < 6; i++) {
		struct export_test test = export_entry_test(entry, i);

		if (!test.mask)
			continue;
		text_printf(out, "%s[%u,0x%" PRIx64 ",SCMP_CMP_MASKED_EQ,0x%" PRIx64 "]", separator,
			    i, test.value, test.mask);
		separator = "";
	}
	if (guard)
		text_printf(out, "%s[%d,%s]", separator, EXPORT_GUARD_ARGUMENT, guard);
	text_add_char(out, '\n');
}

/*
 * A guarded entry is two: the sixth argument is below 2^63, or above 2^32 - 1. For
 * a 32-bit ABI libseccomp cuts both numbers to 32 bits, which makes "below 0" and
 * "above 0xffffffff": neither ever holds. On x86_64 one of them always does, but that libseccomp
 * 2.5.4 falls from the first to the second with the wrong half of the argument in hand, which
 * loses 2^63 itself; with 2^32 as the first bound, all of 2^32..2^33-1 would be lost.
 */
static void print_entry(struct text *out, const struct export_plan *plan,
			const struct export_entry *entry)
{
	if (!plan->guarded) {
		print_line(out, entry, NULL);
		return;
	}
	print_line(out, entry, "0x8000000000000000,SCMP_CMP_LT");
	print_line(out, entry, "0xffffffff,SCMP_CMP_GT");
}

void plan_print_lxc(const struct export_plan *plan, struct text *out)
{
	text_add_string(out, "2\n");
	text_add_string(out, plan->fallback == SECCOMP_RET_ALLOW ? "denylist " : "allowlist ");
	print_action(out, plan->fallback);
	text_add_char(out, '\n');
	for (size_t i = 0; i < plan->losses.count; i++)
		text_printf(out, "# unlike the policy: %s\n", plan->losses.items[i]);
	if (plan->guarded)
		text_add_string(out, "# Each rule stands twice, with a test that no call of x86 or "
				     "x32 passes.\n");
	text_add_string(out, plan->guarded ? "[x86_64]\n" : "[all]\n");
	for (size_t i = 0; i < plan->entries.count; i++)
		print_entry(out, plan, &plan->entries.items[i]);
}
