/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/ruleset.h"
#include "policy-lang/base/text.h"

#include <linux/seccomp.h>

void seccomp_action_print(seccomp_action action, struct text *out)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		text_add_string(out, "allow");
		break;
	case SECCOMP_RET_ERRNO:
		text_printf(out, "deny %u", data);
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
