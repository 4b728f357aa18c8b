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
#include "runtime/privileges.h"

#include "runtime/calls.h"

#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

/* Notes why a step did not work. Returns false. */
static bool failed(struct failure *failure, const char *step, long error, const char *words,
		   const char *detail)
{
	*failure = (struct failure){step, error, words, false, 0, detail};
	return false;
}

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
	return error == -ENOSYS ? ": this kernel lacks CONFIG_MULTIUSER" : NULL;
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

bool limits_apply(const struct bundle_view *view, struct failure *failure)
{
	for (uint32_t i = 0; i < view->limit_count; i++) {
		const unsigned char *at = view->limits + i * BUNDLE_LIMIT_SIZE;
		uint32_t resource = bundle_get32(at + BUNDLE_LIMIT_AT_RESOURCE);
		uint64_t limit[2] = {bundle_get64(at + BUNDLE_LIMIT_AT_SOFT),
				     bundle_get64(at + BUNDLE_LIMIT_AT_HARD)};
		long error = sys4(__NR_prlimit64, 0, limit_number(resource), limit, NULL);

		if (error == -EPERM)
			return failed(failure, "limits", error, "not allowed to raise ",
				      limit_names[resource]);
		if (error < 0)
			return failed(failure, "limits", error, "cannot set ",
				      limit_names[resource]);
	}
	return true;
}

static bool capabilities_get(struct capabilities *capabilities, struct failure *failure)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	long error = sys2(__NR_capget, &header, data);

	if (error < 0)
		return failed(failure, "capabilities", error, "cannot read them", lacking(error));
	capabilities->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	capabilities->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	capabilities->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return true;
}

static bool capabilities_put(const struct capabilities *capabilities, struct failure *failure)
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
	return error >= 0 || failed(failure, "capabilities", error, "cannot set them", NULL);
}

static bool bounding_drop(uint64_t kept, struct failure *failure)
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
			return failed(failure, "capabilities", error,
				      "cannot take them out of the bounding set", NULL);
	}
	return true;
}

/* Requires the kept ones permitted and inheritable. */
static bool ambient_set(uint64_t kept, struct failure *failure)
{
	long error = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);

	/* Before Linux 4.3 there is no such set, and nothing to clear. */
	if (error < 0 && (error != -EINVAL || kept))
		return failed(failure, "capabilities", error, "cannot clear the ambient set", NULL);
	for (unsigned int number = 0; number < 64; number++) {
		if (!capability_in(kept, number))
			continue;
		error = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number);
		if (error < 0)
			return failed(failure, "capabilities", error,
				      "cannot put what is kept into the ambient set", NULL);
	}
	return true;
}

static bool securebits_lock(uint64_t kept, struct failure *failure)
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
		return failed(failure, "capabilities", before, "cannot read securebits", NULL);
	/* The flag that carried the kept ones over the change of user has done its work. */
	if (!(before & SECBIT_KEEP_CAPS_LOCKED))
		before &= ~(long)SECBIT_KEEP_CAPS;
	error = sys_prctl(PR_SET_SECUREBITS, bits | (unsigned long)before, 0);
	return error >= 0 || failed(failure, "capabilities", error, "cannot lock securebits", NULL);
}

static bool capabilities_drop(uint64_t kept, struct failure *failure)
{
	struct capabilities now;

	if (!capabilities_get(&now, failure))
		return false;
	kept &= now.permitted;
	/* A change of user has emptied the effective set. */
	now.effective = now.permitted;
	now.inheritable = kept;
	if (!capabilities_put(&now, failure) || !ambient_set(kept, failure))
		return false;
	if (capability_in(now.effective, CAP_SETPCAP) && !securebits_lock(kept, failure))
		return false;
	now = (struct capabilities){kept, kept, kept};
	return capabilities_put(&now, failure);
}

static bool groups_set(const struct bundle_view *view, struct failure *failure)
{
	uint32_t groups[BUNDLE_GROUPS_MAX];
	long error;

	for (uint32_t i = 0; i < view->group_count; i++)
		groups[i] = bundle_get32(view->groups + i * 4);
	error = sys2(SYS_SETGROUPS, view->group_count, groups);
	if (error == -EINVAL)
		return failed(failure, "groups", error,
			      "cannot set them: one has no map in the user namespace", NULL);
	return error >= 0 || failed(failure, "groups", error, "cannot set them", lacking(error));
}

static bool id_set(long call, uint32_t id, const char *step, struct failure *failure)
{
	long error = sys3(call, id, id, id);

	if (error >= 0)
		return true;
	*failure = (struct failure){
		.step = step,
		.error = error,
		.words = "cannot become ",
		.has_number = true,
		.number = id,
		.detail =
			error == -EINVAL ? ": it has no map in the user namespace" : lacking(error),
	};
	return false;
}

static bool ids_set(const struct bundle_view *view, struct failure *failure)
{
	if ((view->flags & BUNDLE_SANDBOX_GROUPS) && !groups_set(view, failure))
		return false;
	if ((view->flags & BUNDLE_SANDBOX_GROUP) &&
	    !id_set(SYS_SETRESGID, view->group, "group", failure))
		return false;
	return !(view->flags & BUNDLE_SANDBOX_USER) ||
	       id_set(SYS_SETRESUID, view->user, "user", failure);
}

bool privileges_apply(const struct bundle_view *view, struct failure *failure)
{
	struct capabilities before, after;

	if (!(view->flags & BUNDLE_SANDBOX_CAPABILITIES))
		return ids_set(view, failure);
	if (!capabilities_get(&before, failure))
		return false;
	if (capability_in(before.effective, CAP_SETPCAP) &&
	    !bounding_drop(view->capabilities, failure))
		return false;
	/* Where that is locked, the look behind the change of user finds out. */
	if (view->flags & BUNDLE_SANDBOX_USER)
		sys_prctl(PR_SET_KEEPCAPS, 1, 0);
	if (!ids_set(view, failure) || !capabilities_get(&after, failure))
		return false;
	if (before.permitted & view->capabilities & ~after.permitted)
		return failed(failure, "capabilities", 0,
			      "cannot keep them over the change of user: securebits are locked",
			      NULL);
	return capabilities_drop(view->capabilities, failure);
}
