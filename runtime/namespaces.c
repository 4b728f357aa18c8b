/* SPDX-License-Identifier: Apache-2.0 */
/* New namespaces, all at once, and what makes them fit to live in. */
#include "runtime/maps.h"

#include <linux/mount.h>
#include <linux/sockios.h>
#include <linux/wait.h>

/* <linux/if.h> and the numbers of socket(2) would pull in a libc's headers. */
enum {
	SOCKET_INET = 2,
	SOCKET_DATAGRAM = ARCH_SOCK_DGRAM,
	INTERFACE_UP = 1,
};
struct interface_request {
	char name[16];
	short flags;
	char rest[22];
};

/* Every kernel has mount namespaces. */
static const struct {
	uint32_t flag;
	const char *name;
	const char *link;
	const char *config;
} kinds[] = {
	{BUNDLE_NAMESPACE_USER, "user", "/proc/self/ns/user", "CONFIG_USER_NS"},
	{BUNDLE_NAMESPACE_PID, "pid", "/proc/self/ns/pid", "CONFIG_PID_NS"},
	{BUNDLE_NAMESPACE_NET, "net", "/proc/self/ns/net", "CONFIG_NET_NS"},
	{BUNDLE_NAMESPACE_IPC, "ipc", "/proc/self/ns/ipc", "CONFIG_IPC_NS"},
	{BUNDLE_NAMESPACE_UTS, "uts", "/proc/self/ns/uts", "CONFIG_UTS_NS"},
	{BUNDLE_NAMESPACE_CGROUP, "cgroup", "/proc/self/ns/cgroup", "CONFIG_CGROUPS"},
	{BUNDLE_NAMESPACE_TIME, "time", "/proc/self/ns/time", "CONFIG_TIME_NS"},
};

/*
 * Whether the kernel knows no such namespace, tried in a child. It is asked for together with what
 * gives the right to it, or EPERM would come first. Where /proc shows one, an outer filter refuses.
 */
static bool kind_lacking(unsigned int kind, uint32_t wanted)
{
	uint32_t flags = kinds[kind].flag | (wanted & BUNDLE_NAMESPACE_USER);
	int status = 0;
	long pid;

	if (sys3(__NR_faccessat, AT_FDCWD, kinds[kind].link, 0) == 0)
		return false;
	pid = sys_fork();
	if (pid == 0)
		sys_exit(sys1(__NR_unshare, flags) == -EINVAL);
	return pid > 0 && sys_wait((int)pid, &status, __WALL) == pid && status == 1 << 8;
}

static void kinds_explain(uint32_t wanted, long error)
{
	struct message lacking = {.length = 0};

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!(wanted & kinds[i].flag) || !kind_lacking(i, wanted))
			continue;
		message_add(&lacking, lacking.length ? ", no " : "no ");
		message_add(&lacking, kinds[i].name);
		message_add(&lacking, " namespaces (it lacks ");
		message_add(&lacking, kinds[i].config);
		message_add(&lacking, ")");
		/* Without user namespaces the others cannot be told from forbidden ones. */
		if (kinds[i].flag == BUNDLE_NAMESPACE_USER)
			break;
	}
	if (lacking.length)
		fail(SHIM_FAILED, "namespaces", error, "this kernel has ", lacking.bytes, NULL);
}

/* Says why unshare(2) refused. It does all or nothing, so nothing has changed yet. */
static void __attribute__((noreturn)) unshare_explain(uint32_t wanted, long error)
{
	if (error == -EINVAL)
		kinds_explain(wanted, error);
	if (error == -EPERM && !(wanted & BUNDLE_NAMESPACE_USER))
		fail(SHIM_FAILED, "namespaces", error,
		     "without a user namespace the others need CAP_SYS_ADMIN", NULL);
	if (error == -EPERM)
		fail(SHIM_FAILED, "namespaces", error,
		     "not allowed to make a user namespace: the system forbids it to this user, or "
		     "an outer sandbox does, or this is a chroot",
		     NULL);
	if (error == -ENOSPC || error == -EUSERS)
		fail(SHIM_FAILED, "namespaces", error,
		     "too many namespaces: see /proc/sys/user/max_*_namespaces", NULL);
	fail(SHIM_FAILED, "namespaces", error, "cannot make them", NULL);
}

/* Mounts made outside shall not show up inside, nor the other way round. */
static void mounts_make_private(void)
{
	long error = sys5(__NR_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);

	if (error == -EINVAL)
		fail(SHIM_FAILED, "mounts", error,
		     "cannot make / private: it is no mount point (in a chroot?)", NULL);
	if (error < 0)
		fail(SHIM_FAILED, "mounts", error, "cannot make / private", NULL);
}

static void hostname_set(const struct bundle_view *view)
{
	long error = sys2(__NR_sethostname, view->hostname, view->hostname_length);

	if (error < 0)
		fail(SHIM_FAILED, "hostname", error, "cannot set it", NULL);
}

void loopback_raise(void)
{
	struct interface_request request = {.name = "lo", .flags = INTERFACE_UP};
	long fd = sys3(__NR_socket, SOCKET_INET, SOCKET_DATAGRAM | O_CLOEXEC, 0);
	long error;

	/* A kernel without IPv4 has no 127.0.0.1 to miss. */
	if (fd == -EAFNOSUPPORT)
		return;
	if (fd < 0)
		fail(SHIM_FAILED, "loopback", fd, "cannot make a socket", NULL);
	error = sys3(__NR_ioctl, fd, SIOCSIFFLAGS, &request);
	sys_close((int)fd);
	if (error < 0)
		fail(SHIM_FAILED, "loopback", error, "cannot bring lo up", NULL);
}

void namespaces_enter(struct shim *shim)
{
	const struct bundle_view *view = &shim->view;
	struct maps_helper helper = {.pid = 0};
	long error;

	if (!view->namespaces)
		return;
	if (view->namespaces & BUNDLE_NAMESPACE_USER)
		maps_prepare(shim, &helper);
	error = sys1(__NR_unshare, view->namespaces);
	if (error < 0)
		unshare_explain(view->namespaces, error);
	if (view->namespaces & BUNDLE_NAMESPACE_USER)
		maps_write(shim, &helper);
	if (view->namespaces & BUNDLE_NAMESPACE_MOUNT)
		mounts_make_private();
	if (view->hostname_length)
		hostname_set(view);
	/* With a pid namespace its init does it. */
	if ((view->namespaces & BUNDLE_NAMESPACE_NET) && !(view->namespaces & BUNDLE_NAMESPACE_PID))
		loopback_raise();
}
