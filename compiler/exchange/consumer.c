/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/consumer.h"

#include "compiler/resolve/abi_list.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <string.h>

/* libseccomp takes an errno below this one (MAX_ERRNO); the engines refuse from it on. */
#define CONSUMER_ERRNO_MAX 4094

static enum action_fit oci_action(seccomp_action action, const char **why)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_TRACE:
		if ((action & SECCOMP_RET_DATA) <= CONSUMER_ERRNO_MAX)
			return ACTION_SAID;
		*why = "errnoRet, which stands for the tracer's message, ends at 4094";
		return ACTION_UNSAID;
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_KILL_PROCESS:
		return ACTION_SAID;
	default:
		*why = "a profile cannot say who listens (listenerPath belongs to the runtime's "
		       "configuration), and without a listener the runtimes refuse it";
		return ACTION_UNSAID;
	}
}

static enum action_fit lxc_action(seccomp_action action, seccomp_action *mapped, const char **why)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		*mapped = SECCOMP_RET_KILL_THREAD;
		*why = "LXC kills the thread, not the process";
		return ACTION_NEAR;
	case SECCOMP_RET_LOG:
		*why = "LXC has no `log`";
		return ACTION_UNSAID;
	case SECCOMP_RET_TRACE:
		*why = "LXC has no `trace`";
		return ACTION_UNSAID;
	default:
		*why = "LXC's `notify` needs a proxy, which belongs to the container's configuration";
		return ACTION_UNSAID;
	}
}

enum action_fit consumer_action(enum export_format format, seccomp_action action,
				seccomp_action *mapped, const char **why)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	*mapped = action;
	*why = NULL;
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_KILL_THREAD:
		return ACTION_SAID;
	case SECCOMP_RET_ERRNO:
		if (data && data <= CONSUMER_ERRNO_MAX)
			return ACTION_SAID;
		*why = "consumers take an errno from 1 to 4094";
		return ACTION_UNSAID;
	case SECCOMP_RET_TRAP:
		*mapped = SECCOMP_RET_TRAP;
		*why = "the trap's number is lost: the handler sees 0";
		return data ? ACTION_NEAR : ACTION_SAID;
	default:
		return format == EXPORT_LXC ? lxc_action(action, mapped, why)
					    : oci_action(action, why);
	}
}

/* LXC adds x86 and x32 on x86_64, and gives each rule to all three, whatever its section says. */
#define LXC_SERVES (ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32))
/* What libseccomp 2.5.4 has no tables for; they came with 2.6. */
#define UNKNOWN_ABIS ABI_BIT(ABI_LOONGARCH64)

static abi_set byte_order(abi_set abis, bool big_endian)
{
	abi_set found = 0;

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abi_get((enum abi_id)id)->big_endian == big_endian)
			found |= abis & ABI_BIT(id);
	return found;
}

const char *consumer_refuses(struct arena *arena, enum export_format format, abi_set abis)
{
	abi_set big = byte_order(abis, true);

	if (abis & UNKNOWN_ABIS)
		return arena_printf(arena, "libseccomp 2.5.4 does not know %s",
				    abi_list(arena, abis & UNKNOWN_ABIS, abis));
	if (big && big != abis)
		return arena_printf(arena,
				    "libseccomp makes filters for one byte order, and the policy "
				    "is for both: %s is big-endian, %s is not",
				    abi_first(big)->name, abi_first(abis & ~big)->name);
	if (format == EXPORT_LXC && abis & ~LXC_SERVES)
		return arena_printf(arena,
				    "what LXC adds to a profile is known for x86_64 alone, and the "
				    "policy is for %s",
				    abi_list(arena, abis, abis));
	/* libseccomp begins every filter with the ABI of the machine, whatever a profile says. */
	if (abis & LXC_SERVES && !(abis & ABI_BIT(ABI_X86_64)))
		return "the policy leaves out x86_64, but every consumer gives the rules to the "
		       "machine's own ABI too: name it with `arch` or --arch";
	return NULL;
}

abi_set consumer_serves(enum export_format format, abi_set abis)
{
	return format == EXPORT_LXC ? LXC_SERVES : abis;
}

abi_set consumer_may_add(enum export_format format, abi_set abis)
{
	abi_set more = 0;

	for (unsigned int id = 0; id < ABI_COUNT && format != EXPORT_LXC; id++)
		if (consumer_tests_high_words((enum abi_id)id) &&
		    abi_machine(abi_get((enum abi_id)id)) & abis)
			more |= ABI_BIT(id);
	return more & ~abis;
}

abi_set consumer_lacks(enum export_format format, abi_set abis)
{
	return format == EXPORT_LXC ? 0 : abis & ABI_BIT(ABI_RISCV64);
}

/*
 * What libseccomp, on an ABI that has the multiplexer, turns into a rule for socketcall or ipc, with the value of the first
 * argument (SYS_* of <linux/net.h>, and of ipc(2)).
 */
static const struct muxed {
	const char *name;
	const char *multiplexer;
	uint32_t index;
} muxed_calls[] = {
	{"socket", "socketcall", 1},
	{"bind", "socketcall", 2},
	{"connect", "socketcall", 3},
	{"listen", "socketcall", 4},
	{"accept", "socketcall", 5},
	{"getsockname", "socketcall", 6},
	{"getpeername", "socketcall", 7},
	{"socketpair", "socketcall", 8},
	{"send", "socketcall", 9},
	{"recv", "socketcall", 10},
	{"sendto", "socketcall", 11},
	{"recvfrom", "socketcall", 12},
	{"shutdown", "socketcall", 13},
	{"setsockopt", "socketcall", 14},
	{"getsockopt", "socketcall", 15},
	{"sendmsg", "socketcall", 16},
	{"recvmsg", "socketcall", 17},
	{"accept4", "socketcall", 18},
	{"recvmmsg", "socketcall", 19},
	{"sendmmsg", "socketcall", 20},
	{"semop", "ipc", 1},
	{"semget", "ipc", 2},
	{"semctl", "ipc", 3},
	{"semtimedop", "ipc", 4},
	{"msgsnd", "ipc", 11},
	{"msgrcv", "ipc", 12},
	{"msgget", "ipc", 13},
	{"msgctl", "ipc", 14},
	{"shmat", "ipc", 21},
	{"shmdt", "ipc", 22},
	{"shmget", "ipc", 23},
	{"shmctl", "ipc", 24},
};

static const struct muxed *muxed_find(call_id call)
{
	const char *name = call_get(call)->name;

	for (size_t i = 0; i < sizeof(muxed_calls) / sizeof(muxed_calls[0]); i++)
		if (!strcmp(muxed_calls[i].name, name))
			return &muxed_calls[i];
	return NULL;
}

enum consumer_reach consumer_reach(enum export_format format, call_id call, enum abi_id abi)
{
	const struct muxed *muxed = muxed_find(call);

	/*
	 * Where the ABI has the multiplexer, libseccomp's number for the name is a pseudo number; LXC
	 * passes over it.
	 */
	if (muxed && call_number(call_find(muxed->multiplexer), abi) >= 0)
		return format == EXPORT_LXC ? REACH_NONE : REACH_MUXED;
	return call_number(call, abi) >= 0 ? REACH_DIRECT : REACH_NONE;
}

call_id consumer_multiplexer(call_id call, uint32_t *index)
{
	const struct muxed *muxed = muxed_find(call);

	assert(muxed);
	*index = muxed->index;
	return call_find(muxed->multiplexer);
}

bool consumer_tests_high_words(enum abi_id abi)
{
	/* libseccomp counts x32 and n32 among the 32-bit ABIs (ARCH_SIZE_32). */
	return abi_get(abi)->long_bits == 64 && !abi_get(abi)->ilp32;
}

bool consumer_may_drop(call_id call, enum abi_id abi)
{
	/* libseccomp 2.5.4 was released with the tables of Linux 5.17. */
	static const struct kernel_version known = {5, 17};

	return kernel_version_compare(call_since(call, abi), known) > 0;
}

/*
 * Found by running a program that only writes and exits, with ever fewer calls allowed. Some of
 * LXC's are needed only where others of them work (dup3 where openat finds a console, setgroups
 * where getuid says 0).
 */
static const char *const runc_calls[] = {
	"close",  "epoll_ctl", "execve", "fcntl",        "fstatfs", "futex", "getdents64",
	"getpid", "nanosleep", "openat", "rt_sigreturn", "write",   NULL,
};
static const char *const lxc_needed_calls[] = {
	"clone",        "close_range",  "dup3",    "execve",    "exit_group", "getuid", "read",
	"rt_sigaction", "rt_sigreturn", "sendmsg", "setgroups", "wait4",      "write",  NULL,
};
static const char *const lxc_calls[] = {
	"capget",          "clone",        "close",          "close_range",  "dup3",
	"execve",          "exit_group",   "fchmod",         "fchown",       "getuid",
	"ioctl",           "kill",         "newfstatat",     "openat",       "read",
	"readlink",        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sendmsg",
	"set_robust_list", "setgroups",    "setsid",         "umount2",      "wait4",
	"write",           NULL,
};

const char *const *consumer_launcher_calls(enum export_format format, bool kills)
{
	if (format != EXPORT_LXC)
		return runc_calls;
	return kills ? lxc_calls : lxc_needed_calls;
}

const char *consumer_launcher(enum export_format format)
{
	return format == EXPORT_LXC ? "lxc-execute" : "runc";
}
