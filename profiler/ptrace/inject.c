/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/inject.h"

#include "profiler/process_info.h"
#include "profiler/ptrace/machine.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SYSCALL_STOP = SIGTRAP | 0x80,
	HEADER_BYTES = 16, /* struct sock_fprog, whatever the pointers' width */
	KERNEL_SIGSET_BYTES = 8,
	KERNEL_SIGSET_BYTES_MIPS = 16,
};

struct injector {
	pid_t tid;
	struct machine_regs before;
	struct call_site site;
	bool was_stopped;    /* a SIGSTOP came, and has to come again */
	bool was_interfered; /* a group stop may have begun */
	struct injection *injection;
};

static size_t sigset_bytes(void)
{
	return strcmp(abi_host()->machine, abi_get(ABI_MIPS)->machine) == 0
		       ? KERNEL_SIGSET_BYTES_MIPS
		       : KERNEL_SIGSET_BYTES;
}

static int injector_end(struct injector *injector)
{
	injector->injection->ended = true;
	return -ESRCH;
}

/* Goes on until the next stop at a call: 0, or -ESRCH with the end noted. */
static int next_call_stop(struct injector *injector)
{
	for (;;) {
		int status;

		if (ptrace(PTRACE_SYSCALL, injector->tid, NULL, NULL) < 0 && errno != ESRCH)
			return injector_end(injector);
		while (waitpid(injector->tid, &status, __WALL) < 0)
			if (errno != EINTR)
				return injector_end(injector);
		if (!WIFSTOPPED(status)) {
			injector->injection->reported = true;
			injector->injection->status = status;
			return injector_end(injector);
		}
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return 0;
		/* All other signals are blocked; a filter that is there already may stop it. */
		if (status >> 16 == 0 && WSTOPSIG(status) == SIGSTOP)
			injector->was_stopped = true;
		else if (status >> 16 == PTRACE_EVENT_STOP)
			injector->was_interfered = true;
	}
}

static int read_stop(struct injector *injector, struct __ptrace_syscall_info *info)
{
	if (ptrace(PTRACE_GET_SYSCALL_INFO, injector->tid, (void *)sizeof(*info), info) < 0)
		return injector_end(injector);
	return 0;
}

/* Makes a call; *RESULT is what it returned, negative errno where it failed. */
static int make_call(struct injector *injector, const char *name, const uint64_t *args,
		     int64_t *result)
{
	struct machine_regs regs = injector->before;
	struct __ptrace_syscall_info info;
	struct call_spill spill;
	int64_t number = call_number(call_find(name), injector->site.abi);
	int error;

	machine_regs_call(&regs, &injector->site, (uint32_t)number, args, &spill);
	if (spill.length) {
		error = process_write_memory(injector->tid, spill.address, spill.words,
					     spill.length);
		if (error)
			return error;
	}
	if (machine_regs_set(injector->tid, &regs) < 0)
		return injector_end(injector);
	do {
		error = next_call_stop(injector);
		if (!error)
			error = read_stop(injector, &info);
	} while (!error && info.op != PTRACE_SYSCALL_INFO_EXIT);
	if (error)
		return error;
	*result = info.exit.rval;
	return 0;
}

/* struct sock_fprog with the filter behind it, as the ABI lays it out. */
static int write_filter(const struct injector *injector, uint64_t address,
			const struct sock_filter *instructions, uint16_t count)
{
	unsigned char header[HEADER_BYTES] = {0};
	uint64_t wide = address + HEADER_BYTES;
	uint32_t narrow = (uint32_t)wide;
	int error;

	memcpy(header, &count, sizeof(count));
	if (abi_get(injector->site.abi)->pointer_bits == 32)
		memcpy(header + 4, &narrow, sizeof(narrow));
	else
		memcpy(header + 8, &wide, sizeof(wide));
	error = process_write_memory(injector->tid, address, header, sizeof(header));
	if (error)
		return error;
	return process_write_memory(injector->tid, address + HEADER_BYTES, instructions,
				    count * sizeof(*instructions));
}

static int install(struct injector *injector, uint64_t address)
{
	const uint64_t seccomp[CALL_ARGS_MAX] = {
		SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		address};
	static const uint64_t no_new_privileges[CALL_ARGS_MAX] = {PR_SET_NO_NEW_PRIVS, 1};
	int64_t result;
	int error = make_call(injector, "seccomp", seccomp, &result);

	if (!error && result == -EACCES) {
		error = make_call(injector, "prctl", no_new_privileges, &result);
		if (!error)
			error = make_call(injector, "seccomp", seccomp, &result);
	}
	/* Above 0 it is the thread that has a filter of its own. */
	injector->injection->installed = !error && result == 0;
	return error;
}

static int run_calls(struct injector *injector, const struct sock_filter *instructions,
		     uint16_t count)
{
	const uint64_t length = HEADER_BYTES + count * sizeof(*instructions);
	const uint64_t map[CALL_ARGS_MAX] = {
		0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0};
	uint64_t unmap[CALL_ARGS_MAX] = {0, length};
	const char *name =
		call_number(call_find("mmap2"), injector->site.abi) < 0 ? "mmap" : "mmap2";
	int64_t address, ignored;
	int error = make_call(injector, name, map, &address);

	if (error || (address < 0 && address >= -4095))
		return error;
	if (abi_get(injector->site.abi)->pointer_bits == 32)
		address &= UINT32_MAX;
	unmap[0] = (uint64_t)address;
	if (write_filter(injector, (uint64_t)address, instructions, count) == 0)
		error = install(injector, (uint64_t)address);
	return error ? error : make_call(injector, "munmap", unmap, &ignored);
}

/* A stop that the injection ran through: it is to be seen again by whoever waits for stops. */
static void repeat_stops(const struct injector *injector)
{
	struct process_status status;

	if (injector->was_stopped && process_read_status(injector->tid, &status) == 0)
		syscall(SYS_tgkill, status.tgid, injector->tid, SIGSTOP);
	if (injector->was_interfered)
		ptrace(PTRACE_INTERRUPT, injector->tid, NULL, NULL);
}

void inject_filter(pid_t tid, const struct sock_filter *instructions, uint16_t count,
		   struct injection *injection)
{
	struct injector injector = {.tid = tid, .injection = injection};
	unsigned char blocked[KERNEL_SIGSET_BYTES_MIPS], all[KERNEL_SIGSET_BYTES_MIPS];
	void *size = (void *)sigset_bytes();

	*injection = (struct injection){0};
	memset(all, 0xff, sizeof(all));
	if (machine_regs_get(tid, &injector.before) < 0 ||
	    machine_find_site(tid, &injector.before, &injector.site) < 0)
		return;
	if (ptrace(PTRACE_GETSIGMASK, tid, size, blocked) < 0 ||
	    ptrace(PTRACE_SETSIGMASK, tid, size, all) < 0)
		return;
	run_calls(&injector, instructions, count);
	if (injection->ended)
		return;
	machine_regs_set(tid, &injector.before);
	ptrace(PTRACE_SETSIGMASK, tid, size, blocked);
	repeat_stops(&injector);
}
