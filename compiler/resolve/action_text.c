/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/text.h"
#include "policy-lang/catalog/constant.h"

#include <linux/seccomp.h>

/* CONSTANT_NONE where ABIs do not agree, too. */
static constant_id errno_name(uint32_t number, abi_set abis)
{
	constant_id name = CONSTANT_NONE;
	bool first = true;

	for (int id = 0; id < ABI_COUNT; id++) {
		constant_id here;

		if (!(abis & ABI_BIT(id)))
			continue;
		here = constant_name("E", (enum abi_id)id, number);
		if (!first && here != name)
			return CONSTANT_NONE;
		name = here;
		first = false;
	}
	return name;
}

static void errno_print(uint32_t number, abi_set abis, struct text *out)
{
	constant_id name = errno_name(number, abis);

	if (name == CONSTANT_NONE)
		text_printf(out, "deny %u", number);
	else
		text_printf(out, "deny %s", constant_get(name)->name);
}

void seccomp_action_print(seccomp_action action, enum abi_id abi, struct text *out)
{
	seccomp_action_print_for(action, ABI_BIT(abi), out);
}

void seccomp_action_print_for(seccomp_action action, abi_set abis, struct text *out)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		text_add_string(out, "allow");
		break;
	case SECCOMP_RET_ERRNO:
		errno_print(data, abis, out);
		break;
	case SECCOMP_RET_KILL_PROCESS:
		text_add_string(out, "kill process");
		break;
	case SECCOMP_RET_KILL_THREAD:
		text_add_string(out, "kill thread");
		break;
	case SECCOMP_RET_TRAP:
		text_printf(out, "trap %u", data);
		break;
	case SECCOMP_RET_TRACE:
		text_printf(out, "trace %u", data);
		break;
	case SECCOMP_RET_LOG:
		text_add_string(out, "log");
		break;
	case SECCOMP_RET_USER_NOTIF:
		text_add_string(out, "notify");
		break;
	default:
		text_printf(out, "action 0x%x", action);
	}
}
