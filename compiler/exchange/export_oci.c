/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The linux.seccomp object of the OCI runtime specification. It is written by hand: the masks need
 * all values of 64 bits, and jansson's integers end at 2^63 - 1. No name here needs quoting.
 */
#include "compiler/exchange/format.h"

#include <inttypes.h>
#include <linux/seccomp.h>

/* libseccomp's name of an ABI: SCMP_ARCH_ and the ABI's own in capitals. */
static void print_abi(struct text *out, const struct abi *abi)
{
	text_add_string(out, "SCMP_ARCH_");
	for (const char *letter = abi->name; *letter; letter++)
		text_add_char(out, *letter >= 'a' && *letter <= 'z' ? (char)(*letter - 'a' + 'A')
								    : *letter);
}

/*
 * "KEYaction" and, for those that have a number and only for those (crun refuses it elsewhere),
 * "ERRNO_KEY". An absent number would mean 1.
 */
static void print_action(struct text *out, const char *indent, const char *key,
			 const char *errno_key, seccomp_action action)
{
	const char *name = "SCMP_ACT_ALLOW";
	bool has_number = false;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		name = "SCMP_ACT_ERRNO";
		has_number = true;
		break;
	case SECCOMP_RET_KILL_PROCESS:
		name = "SCMP_ACT_KILL_PROCESS";
		break;
	case SECCOMP_RET_KILL_THREAD:
		name = "SCMP_ACT_KILL_THREAD";
		break;
	case SECCOMP_RET_TRAP:
		name = "SCMP_ACT_TRAP";
		break;
	case SECCOMP_RET_TRACE:
		name = "SCMP_ACT_TRACE";
		has_number = true;
		break;
	case SECCOMP_RET_LOG:
		name = "SCMP_ACT_LOG";
		break;
	default:
		break;
	}
	text_printf(out, "%s\"%s\": \"%s\"", indent, key, name);
	if (has_number)
		text_printf(out, ",\n%s\"%s\": %u", indent, errno_key, action & SECCOMP_RET_DATA);
}

static void print_tests(struct text *out, const struct export_entry *entry)
{
	const char *separator = "";

	text_add_string(out, ",\n\t\t\t\"args\": [");
	for (unsigned int i = 0; i < 6; i++) {
		struct export_test test = export_entry_test(entry, i);

		if (!test.mask)
			continue;
		text_printf(out,
			    "%s\n\t\t\t\t{\n\t\t\t\t\t\"index\": %u,\n\t\t\t\t\t\"value\": %" PRIu64
			    ",\n\t\t\t\t\t\"valueTwo\": %" PRIu64
			    ",\n\t\t\t\t\t\"op\": \"SCMP_CMP_MASKED_EQ\"\n\t\t\t\t}",
			    separator, i, test.mask, test.value);
		separator = ",";
	}
	text_add_string(out, "\n\t\t\t]");
}

static void print_names(struct text *out, const char *separator, const char *name)
{
	text_printf(out, "%s\n\t\t\t\t\"%s\"", separator, name);
}

static void print_object_begin(struct text *out, bool *first)
{
	text_add_string(out,
			*first ? "\n\t\t{\n\t\t\t\"names\": [" : ",\n\t\t{\n\t\t\t\"names\": [");
	*first = false;
}

static void print_object_end(struct text *out, seccomp_action action,
			     const struct export_entry *entry)
{
	text_add_string(out, "\n\t\t\t],\n");
	print_action(out, "\t\t\t", "action", "errnoRet", action);
	if (entry)
		print_tests(out, entry);
	text_add_string(out, "\n\t\t}");
}

/* Entries without a condition share an object, an action each; the others have their own. */
static void print_entries(struct text *out, const struct export_plan *plan)
{
	bool first = true;
	size_t i = 0;

	while (i < plan->entries.count) {
		const struct export_entry *entry = &plan->entries.items[i];
		bool plain = cube_is_everything(&entry->cube);
		const char *separator = "";

		print_object_begin(out, &first);
		do {
			print_names(out, separator, call_get(plan->entries.items[i].call)->name);
			separator = ",";
			i++;
		} while (plain && i < plan->entries.count &&
			 cube_is_everything(&plan->entries.items[i].cube) &&
			 plan->entries.items[i].action == entry->action);
		print_object_end(out, entry->action, plain ? NULL : entry);
	}
	if (plan->markers.count) {
		print_object_begin(out, &first);
		for (i = 0; i < plan->markers.count; i++)
			print_names(out, i ? "," : "", call_get(plan->markers.items[i])->name);
		print_object_end(out, plan->fallback, NULL);
	}
	text_add_string(out, first ? "]" : "\n\t]");
}

void plan_print_oci(const struct export_plan *plan, struct text *out)
{
	const char *separator = "";

	text_add_string(out, "{\n");
	print_action(out, "\t", "defaultAction", "defaultErrnoRet", plan->fallback);
	text_add_string(out, ",\n");
	if (plan->lists_abis) {
		text_add_string(out, "\t\"architectures\": [");
		for (unsigned int id = 0; id < ABI_COUNT; id++) {
			if (!(plan->abis & ABI_BIT(id)))
				continue;
			text_printf(out, "%s\n\t\t\"", separator);
			print_abi(out, abi_get((enum abi_id)id));
			text_add_char(out, '"');
			separator = ",";
		}
		text_add_string(out, "\n\t],\n");
	}
	text_add_string(out, "\t\"syscalls\": [");
	print_entries(out, plan);
	text_add_string(out, "\n}\n");
}
