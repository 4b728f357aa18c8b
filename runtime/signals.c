/* SPDX-License-Identifier: Apache-2.0 */
/* Signals wait while the shim forks, and the command gets them as its caller left them. */
#include "runtime/shim.h"

void signals_hold(struct shim *shim)
{
	struct signal_set all;
	struct arch_sigaction action = {.handler = (unsigned long)SIG_DFL}, before;

	signal_set_fill(&all);
	if (sys_signal_mask(SIG_BLOCK, &all, &shim->signals_before) < 0)
		fail(SHIM_FAILED, "signals", 0, "cannot hold them", NULL);
	/* A caller that ignores SIGCHLD would make the kernel throw exit statuses away. */
	if (sys_signal_action(SIGCHLD, &action, &before) < 0)
		fail(SHIM_FAILED, "signals", 0, "cannot take SIGCHLD", NULL);
	shim->child_signal_ignored = before.handler == (unsigned long)SIG_IGN;
	shim->signals_held = true;
}

void signals_release(const struct shim *shim)
{
	struct arch_sigaction action = {.handler = (unsigned long)SIG_IGN};

	if (!shim->signals_held)
		return;
	if (shim->child_signal_ignored)
		sys_signal_action(SIGCHLD, &action, NULL);
	if (sys_signal_mask(SIG_SETMASK, &shim->signals_before, NULL) < 0)
		fail(SHIM_FAILED, "signals", 0, "cannot release them", NULL);
}
