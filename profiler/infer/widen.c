/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is added stands among the observations with a count of 0. So a condition is inferred from
 * what was seen and what was added together, and more values never make it narrower.
 */
#include "profiler/infer/widen.h"

#include "policy-lang/catalog/constant.h"
#include "profiler/infer/companions.h"

#include <string.h>

enum {
	WANTED_MAX = 16, /* constants of a row, the NULL behind them counted */
	NEEDED_MAX = 8,
	GROUP_TRIGGERS_MAX = 24,
};

/* Who makes one of the calls NEEDED may give ARG of CALL these values, or any of these flags. */
struct wanted_row {
	const char *needed[NEEDED_MAX];
	const char *call;
	const char *arg;
	const char *constants[WANTED_MAX];
	uint64_t needs_flags; /* CALL was seen with one of them in ARG; 0: whatever it was */
	bool flags;           /* all constants in one value; else each is one */
};

/*
 * Other forms of work that was seen, none of which reaches farther. Access modes have the same
 * numbers on every ABI: O_WRONLY is 1, O_RDWR 2.
 */
static const struct wanted_row family_rows[] = {
	{{"open"},
	 "open",
	 "flags",
	 {"O_APPEND", "O_NONBLOCK", "O_NOCTTY", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC",
	  "O_LARGEFILE", "O_DSYNC", "O_NOATIME"},
	 0,
	 true},
	{{"openat"},
	 "openat",
	 "flags",
	 {"O_APPEND", "O_NONBLOCK", "O_NOCTTY", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC",
	  "O_LARGEFILE", "O_DSYNC", "O_NOATIME"},
	 0,
	 true},
	{{"open"},
	 "open",
	 "flags",
	 {"O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL", "O_TRUNC"},
	 3,
	 true},
	{{"openat"},
	 "openat",
	 "flags",
	 {"O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL", "O_TRUNC"},
	 3,
	 true},
	{{"mmap", "mmap2"}, "mprotect", "prot", {"PROT_READ", "PROT_WRITE"}, 0, true},
	{{"fcntl"},
	 "fcntl",
	 "cmd",
	 {"F_DUPFD", "F_DUPFD_CLOEXEC", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK",
	  "F_SETLK", "F_SETLKW"},
	 0,
	 false},
	{{"fcntl64"},
	 "fcntl64",
	 "cmd",
	 {"F_DUPFD", "F_DUPFD_CLOEXEC", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK",
	  "F_SETLK", "F_SETLKW"},
	 0,
	 false},
	{{"ioctl"},
	 "ioctl",
	 "request",
	 {"TCGETS", "TIOCGWINSZ", "FIONREAD", "FIONBIO", "FIOCLEX", "FIONCLEX"},
	 0,
	 false},
	{{"prctl", "clone", "clone3"},
	 "prctl",
	 "option",
	 {"PR_SET_NAME", "PR_GET_NAME", "PR_SET_PDEATHSIG", "PR_GET_PDEATHSIG", "PR_GET_DUMPABLE",
	  "PR_SET_VMA"},
	 0,
	 false},
	/* A thread, a child, and a child that is about to execute something. */
	{{"clone", "clone3", "fork", "vfork"},
	 "clone",
	 "flags",
	 {"CLONE_VM", "CLONE_FS", "CLONE_FILES", "CLONE_SIGHAND", "CLONE_THREAD", "CLONE_SYSVSEM",
	  "CLONE_SETTLS", "CLONE_PARENT_SETTID", "CLONE_CHILD_CLEARTID"},
	 0,
	 true},
	{{"clone", "clone3", "fork", "vfork"},
	 "clone",
	 "flags",
	 {"CLONE_CHILD_CLEARTID", "CLONE_CHILD_SETTID", "SIGCHLD"},
	 0,
	 true},
	{{"clone", "clone3", "fork", "vfork"},
	 "clone",
	 "flags",
	 {"CLONE_VM", "CLONE_VFORK", "SIGCHLD"},
	 0,
	 true},
	{{"pipe", "pipe2", "socket", "clone", "clone3", "fork", "vfork"},
	 "socketpair",
	 "domain",
	 {"AF_UNIX"},
	 0,
	 false},
	{{"socket", "accept", "accept4"},
	 "setsockopt",
	 "level",
	 {"SOL_SOCKET", "IPPROTO_TCP", "IPPROTO_UDP"},
	 0,
	 false},
	{{"socket", "accept", "accept4"},
	 "getsockopt",
	 "level",
	 {"SOL_SOCKET", "IPPROTO_TCP", "IPPROTO_UDP"},
	 0,
	 false},
};

struct widening {
	struct arena *arena;
	struct observations *observations;
	enum abi_id abi;
	const char *reason;
};

/* The entry of CALL where values of its arguments can be added, or NULL. */
static struct observed_call *wanted_call(const struct widening *widening, const char *name)
{
	call_id call = call_find(name);
	struct observed_call *into;

	if (call_number(call, widening->abi) < 0)
		return NULL;
	into = observations_want(widening->arena, widening->observations, widening->abi, call);
	if (into->count && !observed_call_is_seen(into))
		return NULL; /* the kernel lacks it, and that is what the program knows */
	if (!into->count)
		into->reason = widening->reason;
	return into;
}

static void add_tuple(const struct widening *widening, struct observed_call *into,
		      const struct observed_tuple *tuple)
{
	for (size_t i = 0; i < into->tuples.count; i++)
		if (memcmp(into->tuples.items[i].values, tuple->values, sizeof(tuple->values)) == 0)
			return;
	*VEC_PUSH(widening->arena, &into->tuples) = *tuple;
}

static void add_value(const struct widening *widening, struct observed_call *into, int arg,
		      uint64_t value)
{
	struct observed_tuple tuple = {0};

	into->some[arg] |= value;
	if (into->saturated || !(into->ruled >> arg & 1))
		return;
	tuple.values[arg] = value;
	add_tuple(widening, into, &tuple);
}

/* What the kernel reads of a constant, as the tuples have it. */
static bool wanted_value(const struct widening *widening, call_id call, int arg, const char *name,
			 uint64_t *value)
{
	struct arg_place place = call_arg_place(call, widening->abi, (unsigned int)arg);

	if (!constant_value(constant_find(name), widening->abi, value))
		return false;
	if (place.bits < 64)
		*value &= ((uint64_t)1 << place.bits) - 1;
	return true;
}

static void add_row(const struct widening *widening, const struct wanted_row *row)
{
	struct observed_call *into;
	call_id call = call_find(row->call);
	int arg = call_arg_find(call, widening->abi, row->arg);
	uint64_t flags = 0, value;

	if (arg < 0 ||
	    (row->needed[0] && !infer_saw_one(widening->observations, widening->abi, row->needed)))
		return;
	into = wanted_call(widening, row->call);
	if (!into || (row->needs_flags && !(into->some[arg] & row->needs_flags)))
		return;
	for (size_t i = 0; row->constants[i]; i++) {
		if (!wanted_value(widening, call, arg, row->constants[i], &value))
			continue;
		flags |= value;
		if (!row->flags)
			add_value(widening, into, arg, value);
	}
	if (row->flags)
		add_value(widening, into, arg, flags);
}

/* Streams and datagrams of the domains that were seen; both internets are one. */
static void add_sockets(const struct widening *widening)
{
	enum {
		UNIX = 1, /* the same on every ABI, as are the internets' */
		INET = 2,
		INET6 = 10,
		TYPE = 0xf,
	};
	static const char *const types[] = {"SOCK_STREAM", "SOCK_DGRAM"};
	call_id call = call_find("socket");
	struct observed_call *into = NULL;
	uint32_t domains = 0;

	if (observed_call_is_seen(observations_find(widening->observations, widening->abi, call)))
		into = wanted_call(widening, "socket");
	if (!into || into->saturated)
		return;
	for (size_t i = 0; i < into->tuples.count; i++) {
		uint64_t domain = into->tuples.items[i].values[0];

		if (domain == INET || domain == INET6)
			domains |= 1u << INET | 1u << INET6;
		if (domain == UNIX)
			domains |= 1u << UNIX;
	}
	for (uint32_t domain = 0; domain <= INET6; domain++) {
		for (size_t i = 0; domains >> domain & 1 && i < 2; i++) {
			struct observed_tuple tuple = {0};

			tuple.values[0] = domain;
			wanted_value(widening, call, 1, types[i], &tuple.values[1]);
			tuple.values[1] &= TYPE;
			add_tuple(widening, into, &tuple);
		}
	}
}

void widen_observations(struct arena *arena, struct observations *observations,
			enum infer_widen level)
{
	struct widening widening = {arena, observations, ABI_X86_64, "not seen"};

	if (level < INFER_WIDEN_FAMILY)
		return;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		if (!(observations->abis & ABI_BIT(abi)))
			continue;
		widening.abi = (enum abi_id)abi;
		for (size_t i = 0; i < sizeof(family_rows) / sizeof(family_rows[0]); i++)
			add_row(&widening, &family_rows[i]);
		add_sockets(&widening);
	}
}

/*
 * The one call that pale_apply_phase() makes: see runtime/libpale/apply.c. With a mask of flags, others
 * that put filters on would pass beside it, so that the call's values stand as they are, in the phase too.
 */
void widen_for_phase(struct arena *arena, struct observations *observations,
		     struct observations *later, enum abi_id abi)
{
	const struct widening widening = {arena, observations, abi, "puts on the phase"};
	call_id call = call_find("seccomp");
	int operation = call_arg_find(call, abi, "operation");
	int flags = call_arg_find(call, abi, "flags");
	struct observed_call *into = wanted_call(&widening, "seccomp");
	struct observed_tuple tuple = {0};

	if (observations_find(later, abi, call))
		observations_want(arena, later, abi, call)->exact = true;
	if (!into || into->saturated || operation < 0 || flags < 0)
		return;
	if (!wanted_value(&widening, call, operation, "SECCOMP_SET_MODE_FILTER",
			  &tuple.values[operation]) ||
	    !wanted_value(&widening, call, flags, "SECCOMP_FILTER_FLAG_TSYNC",
			  &tuple.values[flags]))
		return;
	into->some[flags] |= tuple.values[flags];
	into->exact = true;
	add_tuple(&widening, into, &tuple);
}

/*
 * A shipped group, and the calls of which one must have been seen; none: always. Besides, where it
 * makes sockets, such a call must have been seen: to talk on one that was handed down is less.
 */
static const struct group_row {
	const char *name;
	const char *triggers[GROUP_TRIGGERS_MAX];
	const char *makers[NEEDED_MAX];
} group_rows[] = {
	{"libc-startup", {NULL}, {NULL}},
	{"basic-io",
	 {"read", "readv", "pread64", "write", "writev", "pwrite64", "poll", "ppoll", "select",
	  "pselect6", "epoll_wait", "epoll_pwait", "sendfile", "splice", "fsync", "fdatasync"},
	 {NULL}},
	{"file-read",
	 {"open", "openat", "openat2", "stat", "newfstatat", "statx", "access", "faccessat",
	  "faccessat2", "readlink", "readlinkat", "getdents64"},
	 {NULL}},
	{"memory", {"brk", "mmap", "mmap2", "munmap", "mremap", "madvise"}, {NULL}},
	{"process", {"clone", "clone3", "fork", "vfork", "wait4", "waitid"}, {NULL}},
	{"signal",
	 {"rt_sigaction", "rt_sigprocmask", "sigaltstack", "signalfd4", "tgkill"},
	 {NULL}},
	{"clock",
	 {"clock_gettime", "clock_nanosleep", "nanosleep", "setitimer", "alarm", "timer_create",
	  "timerfd_create"},
	 {NULL}},
	{"network-client", {"connect", "sendto", "sendmsg"}, {"socket"}},
	{"network-server", {"listen", "accept", "accept4"}, {"socket"}},
};
enum {
	GROUP_ROWS = sizeof(group_rows) / sizeof(group_rows[0])
};

static bool group_is_triggered(const struct group_row *row, const struct observations *observations)
{
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (observations->abis & ABI_BIT(abi) &&
		    infer_saw_one(observations, (enum abi_id)abi, row->triggers) &&
		    (!row->makers[0] || infer_saw_one(observations, (enum abi_id)abi, row->makers)))
			return true;
	return false;
}

const char *const *widen_groups(struct arena *arena, const struct observations *observations,
				bool serving)
{
	const char **names = arena_alloc_array(arena, GROUP_ROWS + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < GROUP_ROWS; i++)
		if (group_rows[i].triggers[0] ? group_is_triggered(&group_rows[i], observations)
					      : !serving)
			names[count++] = group_rows[i].name;
	return names;
}
