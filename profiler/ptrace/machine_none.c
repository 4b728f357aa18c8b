/* SPDX-License-Identifier: Apache-2.0 */
/* A machine whose registers the tracer does not write: there every call is looked at. */
#if !defined(__x86_64__) && !defined(__aarch64__) && !defined(__arm__) &&                          \
	!(defined(__mips__) && defined(_ABIO32) && _MIPS_SIM == _ABIO32)
#include "profiler/ptrace/machine.h"

#include <errno.h>

int machine_regs_get(pid_t tid, struct machine_regs *regs)
{
	(void)tid;
	regs->length = 0;
	return -ENOTSUP;
}

int machine_regs_set(pid_t tid, const struct machine_regs *regs)
{
	(void)tid;
	(void)regs;
	return -ENOTSUP;
}

int machine_find_site(pid_t tid, const struct machine_regs *regs, struct call_site *site)
{
	(void)tid;
	(void)regs;
	(void)site;
	return -ENOTSUP;
}

void machine_regs_call(struct machine_regs *regs, const struct call_site *site, uint32_t number,
		       const uint64_t args[CALL_ARGS_MAX], struct call_spill *spill)
{
	(void)regs;
	(void)site;
	(void)number;
	(void)args;
	spill->length = 0;
}

int machine_set_argument(pid_t tid, enum abi_id abi, unsigned int index, uint64_t value)
{
	(void)tid;
	(void)abi;
	(void)index;
	(void)value;
	return -ENOTSUP;
}

int machine_refuse_call(pid_t tid)
{
	(void)tid;
	return -ENOTSUP;
}

int machine_end_refusal(pid_t tid)
{
	(void)tid;
	return -ENOTSUP;
}
#endif
