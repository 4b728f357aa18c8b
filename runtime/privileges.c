/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits, groups, ids and capabilities.
 *
 * Capabilities that the policy keeps stay in the bounding, permitted, effective, inheritable and
 * ambient set, so that they are the command's across exec whatever its user; all others leave all
 * five. Then securebits are locked, so that uid 0 gives nothing by itself.
 *
 * Who lacks CAP_SETPCAP cannot take capabilities out of the bounding set nor set securebits. It
 * needs neither: both only bound what exec adds, and behind no_new_privs, which is always set, exec
 * adds nothing to the permitted set (cap_bprm_creds_from_file() in security/commoncap.c).
 */
#include "runtime/shim.h"

#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

struct capabilities {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
};

/* In halves, as some machines would take a shift of 64 bits from their compiler's library. */
static bool capability_in(uint64_t set, unsigned int number)
{
	uint32_t half = number < 32 ? (uint32_t)set : (uint32_t)(set >> 32);

	return half >> number % 32 & 1;
}

/* What a kernel says that has one user, who may do all: small ones can be built so. */
static const char *lacking(long error)
{
	return error == -ENOSYS ? ": this kernel lacks CONFIG_MULTIUSER" : "";
}

/* RLIMIT_* on this machine for a number of asm-generic/resource.h. */
static int limit_number(uint32_t resource)
{
	return ARCH_LIMIT_NUMBER(resource);
}

/* As policies call them. */
static const char limit_names[BUNDLE_LIMITS_MAX][12] = {
	"cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
	"memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};

void limits_set(const struct shim *shim)
{
	for (uint32_t i = 0; i < shim->view.limit_count; i++) {
		const unsigned char *at = shim->view.limits + i * BUNDLE_LIMIT_SIZE;
		uint32_t resource = bundle_get32(at + BUNDLE_LIMIT_AT_RESOURCE);
		uint64_t limit[2] = {bundle_get64(at + BUNDLE_LIMIT_AT_SOFT),
				     bundle_get64(at + BUNDLE_LIMIT_AT_HARD)};
		long error = sys4(__NR_prlimit64, 0, limit_number(resource), limit, NULL);

		if (error == -EPERM)
			fail(SHIM_FAILED, "limits", error, "not allowed to raise ",
			     limit_names[resource], NULL);
		if (error < 0)
			fail(SHIM_FAILED, "limits", error, "cannot set ", limit_names[resource],
			     NULL);
	}
}

static void capabilities_get(struct capabilities *capabilities)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	long error = sys2(__NR_capget, &header, data);

	if (error < 0)
		fail(SHIM_FAILED, "capabilities", error, "cannot read them", lacking(error), NULL);
	capabilities->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	capabilities->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	capabilities->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
}

static void capabilities_put(const struct capabilities *capabilities)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	long error;

	data[0] = (struct __user_cap_data_struct){
		.effective = (uint32_t)capabilities->effective,
		.permitted = (uint32_t)capabilities->permitted,
		.inheritable = (uint32_t)capabilities->inheritable,
	};
	data[1] = (struct __user_cap_data_struct){
		.effective = (uint32_t)(capabilities->effective >> 32),
		.permitted = (uint32_t)(capabilities->permitted >> 32),
		.inheritable = (uint32_t)(capabilities->inheritable >> 32),
	};
	error = sys2(__NR_capset, &header, data);
	if (error < 0)
		fail(SHIM_FAILED, "capabilities", error, "cannot set them", NULL);
}

static void bounding_drop(uint64_t kept)
{
	for (unsigned int number = 0; number < 64; number++) {
		long error;

		if (capability_in(kept, number))
			continue;
		error = sys_prctl(PR_CAPBSET_DROP, number, 0);
		/* Behind the last capability that this kernel has there are no more. */
		if (error == -EINVAL)
			break;
		if (error < 0)
			fail(SHIM_FAILED, "capabilities", error,
			     "cannot take them out of the bounding set", NULL);
	}
}

/* Requires the kept ones permitted and inheritable. */
static void ambient_set(uint64_t kept)
{
	long error = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);

	/* Before Linux 4.3 there is no such set, and nothing to clear. */
	if (error < 0 && (error != -EINVAL || kept))
		fail(SHIM_FAILED, "capabilities", error, "cannot clear the ambient set", NULL);
	for (unsigned int number = 0; number < 64; number++) {
		if (!capability_in(kept, number))
			continue;
		error = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number);
		if (error < 0)
			fail(SHIM_FAILED, "capabilities", error,
			     "cannot put what is kept into the ambient set", NULL);
	}
}

static void securebits_lock(uint64_t kept)
{
	long before = sys_prctl(PR_GET_SECUREBITS, 0, 0), error;
	unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
			     SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

	/*
	 * NO_SETUID_FIXUP is locked as it is, which is off: a server that gives up root shall lose
	 * what was kept for root. One that keeps CAP_SETUID may use PR_SET_KEEPCAPS for just that.
	 */
	if (!capability_in(kept, CAP_SETUID))
		bits |= SECBIT_KEEP_CAPS_LOCKED;
	if (before < 0)
		fail(SHIM_FAILED, "capabilities", before, "cannot read securebits", NULL);
	/* The flag that carried the kept ones over the change of user has done its work. */
	if (!(before & SECBIT_KEEP_CAPS_LOCKED))
		before &= ~(long)SECBIT_KEEP_CAPS;
	error = sys_prctl(PR_SET_SECUREBITS, bits | (unsigned long)before, 0);
	if (error < 0)
		fail(SHIM_FAILED, "capabilities", error, "cannot lock securebits", NULL);
}

static void capabilities_drop(uint64_t kept)
{
	struct capabilities now;

	capabilities_get(&now);
	kept &= now.permitted;
	/* A change of user has emptied the effective set. */
	now.effective = now.permitted;
	now.inheritable = kept;
	capabilities_put(&now);
	ambient_set(kept);
	if (capability_in(now.effective, CAP_SETPCAP))
		securebits_lock(kept);
	now = (struct capabilities){kept, kept, kept};
	capabilities_put(&now);
}

static void groups_set(const struct bundle_view *view)
{
	static uint32_t groups[BUNDLE_GROUPS_MAX];
	long error;

	for (uint32_t i = 0; i < view->group_count; i++)
		groups[i] = bundle_get32(view->groups + i * 4);
	error = sys2(SYS_SETGROUPS, view->group_count, groups);
	if (error == -EINVAL)
		fail(SHIM_FAILED, "groups", error,
		     "cannot set them: one has no map in the user namespace", NULL);
	if (error < 0)
		fail(SHIM_FAILED, "groups", error, "cannot set them", lacking(error), NULL);
}

static void id_set(long call, uint32_t id, const char *step)
{
	long error = sys3(call, id, id, id);
	char number[24];

	if (error < 0)
		fail(SHIM_FAILED, step, error, "cannot become ", number_text(number, id),
		     error == -EINVAL ? ": it has no map in the user namespace" : lacking(error),
		     NULL);
}

void privileges_drop(const struct shim *shim)
{
	const struct bundle_view *view = &shim->view;
	bool restrict_capabilities = view->flags & BUNDLE_SANDBOX_CAPABILITIES;
	struct capabilities before = {0}, after;

	if (restrict_capabilities) {
		capabilities_get(&before);
		if (capability_in(before.effective, CAP_SETPCAP))
			bounding_drop(view->capabilities);
		/* Where that is locked, the look behind the change of user finds out. */
		if (view->flags & BUNDLE_SANDBOX_USER)
			sys_prctl(PR_SET_KEEPCAPS, 1, 0);
	}
	if (view->flags & BUNDLE_SANDBOX_GROUPS)
		groups_set(view);
	if (view->flags & BUNDLE_SANDBOX_GROUP)
		id_set(SYS_SETRESGID, view->group, "group");
	if (view->flags & BUNDLE_SANDBOX_USER)
		id_set(SYS_SETRESUID, view->user, "user");
	if (!restrict_capabilities)
		return;
	capabilities_get(&after);
	if (before.permitted & view->capabilities & ~after.permitted)
		fail(SHIM_FAILED, "capabilities", 0,
		     "cannot keep them over the change of user: securebits are locked", NULL);
	capabilities_drop(view->capabilities);
}
