/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/infer/authority.h"

#include "policy-lang/catalog/constant.h"

#include <stdlib.h>
#include <string.h>

/*
 * Families of constants that say how, not what: another value of the same argument gives a
 * program nothing that the call itself does not give. A family that is not here is restrained, so
 * that what the catalogue learns later is restrained until somebody has thought about it.
 */
static const char *const harmless_families[] = {
	"AT_", /* how a path is looked up */
	"AT_access",
	"AT_handle",
	"CLOCK_",
	"CLOSE_RANGE_",
	"EFD_",
	"EPOLL_",
	"EPOLL_CTL_",
	"FALLOC_FL_",
	"FUTEX2_",
	"FUTEX_",
	"GRND_",
	"IN_",
	"IN_init",
	"IOPRIO_WHO_",
	"IPC_",    /* flags of msgget and semget: a mode and IPC_CREAT */
	"IPC_key", /* keys are ids, of which IPC_PRIVATE is one */
	"ITIMER_",
	"LOCK_",
	"MADV_", /* on one's own memory; MADV_HWPOISON asks for a capability */
	"MAP_",
	"MCL_",
	"MEMBARRIER_CMD_",
	"MEMBARRIER_FLAG_",
	"MFD_",
	"MLOCK_",
	"MPOL_",
	"MPOL_F_",
	"MPOL_MF_",
	"MREMAP_",
	"MSG_",
	"MS_sync",
	"PIDFD_",
	"PIDFD_SIGNAL_",
	"POSIX_FADV_",
	"PRIO_",
	"P_",
	"RENAME_",
	"RLIMIT_",
	"RSEQ_FLAG_",
	"RUSAGE_",
	"RWF_",
	"SCHED_", /* policies above the ordinary ask for a capability or a limit */
	"SEEK_",
	"SFD_",
	"SHUT_",
	"SIG", /* whom a signal may reach is not the number's to say */
	"SIG_",
	"SOCK_", /* accept4's flags; socket's type is restrained by name below */
	"SPLICE_F_",
	"STATX_",
	"SYNC_FILE_RANGE_",
	"TFD_",
	"TIMER_",
	"W",
	"XATTR_",
	"_OK",
	"msgflg",
	"shmget",
};

/* Where the family is not the whole truth. */
static const struct {
	const char *call;
	const char *arg;
	bool authority;
} exceptions[] = {
	{"dup3", "flags", false},    /* O_CLOEXEC */
	{"execveat", "flags", true}, /* AT_EMPTY_PATH executes what has no name */
	{"getsockopt", "optname", false}, {"memfd_secret", "flags", false}, /* O_CLOEXEC */
	{"pipe2", "flags", false},        /* O_CLOEXEC, O_NONBLOCK, O_DIRECT */
	{"setsockopt", "optname", false}, /* the level tells firewalls from sockets */
	{"socket", "type", true},         {"socketpair", "protocol", false},
	{"socketpair", "type", false}, /* its domains connect a program with itself */
};

static int order_names(const void *left, const void *right)
{
	return strcmp(left, *(const char *const *)right);
}

bool arg_has_authority(call_id call, const struct call_arg *arg)
{
	const char *name = call_get(call)->name;

	if (arg->use == ARG_OPAQUE || arg->kind == ARG_POINTER)
		return false;
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (strcmp(exceptions[i].call, name) == 0 &&
		    strcmp(exceptions[i].arg, arg->name) == 0)
			return exceptions[i].authority;
	return !arg->family || !bsearch(arg->family, harmless_families,
					sizeof(harmless_families) / sizeof(harmless_families[0]),
					sizeof(harmless_families[0]), order_names);
}

static uint64_t value_of(const char *name, enum abi_id abi)
{
	constant_id constant = constant_find(name);
	uint64_t value;

	return constant != CONSTANT_NONE && constant_value(constant, abi, &value) ? value : 0;
}

uint64_t flags_always_allowed(const char *family, enum abi_id abi)
{
	if (!family)
		return 0;
	if (strcmp(family, "O_") == 0)
		return value_of("O_CLOEXEC", abi);
	/* Memory that only holds data: what counts is PROT_EXEC. */
	if (strcmp(family, "PROT_") == 0)
		return value_of("PROT_READ", abi) | value_of("PROT_WRITE", abi);
	/* Permissions vary with the data; setuid, setgid and the file's type do not. */
	if (strcmp(family, "S_I") == 0)
		return 0777;
	return 0;
}
