/* SPDX-License-Identifier: Apache-2.0 */
/* The seccomp filter: what can be known beforehand, and the loading. */
#include "runtime/shim.h"
#include "runtime/simulate.h"

#include <linux/prctl.h>

/* The policy's answer to the execve that starts the command, in words; NULL where it may pass. */
static const char *answer_refusal(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE: /* a tracer may let it pass */
		return NULL;
	case SECCOMP_RET_ERRNO:
		return "denies it";
	case SECCOMP_RET_TRAP:
		return "traps it";
	case SECCOMP_RET_USER_NOTIF:
		return "hands it to a listener, and there is none";
	default:
		return "kills for it";
	}
}

static void probe_execve(const struct shim *shim)
{
	struct seccomp_data data = {
		.nr = __NR_execve,
		.arch = ARCH_AUDIT,
		.args = {(unsigned long)shim->command[0], (unsigned long)shim->command,
			 (unsigned long)shim->environment},
	};
	const char *refusal;
	uint32_t answer;

	/* What cannot be told here, the kernel will say when it is asked to load the filter. */
	if (!filter_answer(&shim->program, &data, &answer))
		return;
	refusal = answer_refusal(answer);
	if (refusal)
		fail(SHIM_NOT_EXECUTABLE, "exec", 0, "cannot run '", shim->command[0],
		     "': the policy does not allow execve (it ", refusal, ")", NULL);
}

void filter_probe(const struct shim *shim)
{
	/* Without a filter to read this is EFAULT, unless there is nothing to read it for. */
	long error = sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL);

	if (error == -ENOSYS && sys_prctl(PR_GET_SECCOMP, 0, 0) == -EINVAL)
		fail(SHIM_FAILED, "kernel", error, "it has no seccomp: it lacks CONFIG_SECCOMP",
		     NULL);
	if (error == -ENOSYS)
		fail(SHIM_FAILED, "kernel", error,
		     "it has no seccomp(2): it is older than Linux 3.17, or an outer filter "
		     "hides it",
		     NULL);
	if (error == -EINVAL)
		fail(SHIM_FAILED, "kernel", error,
		     "it has no seccomp filters: it lacks CONFIG_SECCOMP_FILTER", NULL);
	if (error != -EFAULT)
		fail(SHIM_FAILED, "kernel", error, "seccomp filters cannot be used", NULL);
	probe_execve(shim);
}

void filter_load(const struct shim *shim)
{
	long error = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0);

	if (error < 0)
		fail(SHIM_FAILED, "no_new_privs", error, "cannot set it", NULL);
	error = sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &shim->program);
	if (error < 0)
		fail(SHIM_FAILED, "filter", error, "the kernel does not take it", NULL);
}
