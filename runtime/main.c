/* SPDX-License-Identifier: Apache-2.0 */
/* pale-run: reads a bundle, applies it to itself, and becomes a program. */
#include "runtime/shim.h"

__asm__(".text\n" ARCH_START);

/* STACK is what the kernel left on it: the number of arguments, they, and the environment. */
void shim_main(long *stack) __attribute__((noreturn, used));

void shim_main(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	struct shim shim = {
		.environment = argv + argc + 1,
		.init_ready = -1,
		.init_alive = -1,
	};
	struct failure failure;

	/* Up to here and with this nothing changes. */
	options_parse(&shim, argc, argv);
	bundle_load(&shim);
	values_fill(&shim);
	filter_probe(&shim);
	shim.user = (uint32_t)sys0(SYS_GETEUID);
	shim.group = (uint32_t)sys0(SYS_GETEGID);

	descriptors_close(&shim);
	if (shim.view.namespaces)
		signals_hold(&shim);
	namespaces_enter(&shim);
	processes_split(&shim);
	if (!limits_apply(&shim.view, &failure) || !privileges_apply(&shim.view, &failure))
		fail_with(&failure);
	processes_settle(&shim);
	signals_release(&shim);
	values_fill(&shim);
	filter_load(&shim);
	command_exec(&shim);
}
