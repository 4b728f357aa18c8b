/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libpale: a program fences itself with what `pale compile` made of a policy. See pale_apply(3).
 *
 *	struct pale_error error;
 *
 *	if (pale_apply_file("/usr/lib/app/app.bundle", &error)) {
 *		fprintf(stderr, "app: %s\n", error.text);
 *		exit(1);
 *	}
 *
 * Link with -lpale, or with what `pkg-config --cflags --libs pale` says.
 */
#ifndef PALE_H
#define PALE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a call did not do what it was asked for. */
struct pale_error {
	int begun;      /* not 0: some of it is in force, and cannot be taken back */
	char text[252]; /* one line without a full stop, in English */
};

/*
 * Applies the bundle of SIZE bytes to this process: its limits, groups and ids, capabilities, and
 * the filter, which all threads get. BUNDLE may stand at any address and is not needed afterwards.
 *
 * Returns 0, and makes no call behind the filter; or negative errno, with the reason in *ERROR
 * unless that is NULL. Before anything is changed these are refused:
 *
 *	-EINVAL	  it is damaged, or no bundle, or wants values: see pale_apply_values()
 *	-ENOEXEC  it has no filter for this machine, or not for the ABI that this program has
 *	-ENOSYS	  the kernel has no seccomp filters, or an outer filter hides them
 *	-ENOTSUP  its sandbox has namespaces, which a process cannot enter for all of itself
 *	-EBUSY	  it changes ids or capabilities, which belong to a thread, and there are several
 *
 * and what a filter in force, such as pale-run's, answers to seccomp(2) where it denies it.
 *
 * Any other is what the kernel said to a step that it refused, and -EBUSY with error->begun that a
 * thread has a filter of its own. A program that goes on in spite of an error is not fenced.
 *
 * It may be called again, for a tighter fence, where the first lets it. It is safe to call from any
 * thread, but not in a signal handler; it takes 48 KB of stack, and no memory but that.
 */
int pale_apply(const void *bundle, size_t size, struct pale_error *error);

/* A number for a name that the policy leaves open: `let self = load;`. */
struct pale_value {
	const char *name;
	unsigned long long number; /* in two's complement where it is negative */
};

/*
 * The same with COUNT values. Each name that the policy leaves open is given once, and no other is,
 * else nothing is done and the result is -EINVAL; or -ERANGE where the policy compares a number with
 * an argument that has too few bits for it. Files with such names are for the caller to read.
 */
int pale_apply_values(const void *bundle, size_t size, const struct pale_value *values,
		      size_t count, struct pale_error *error);

/* The same for the bundle in the file PATH; also returns what the kernel says to reading it. */
int pale_apply_file(const char *path, struct pale_error *error);

/*
 * Puts on the filter of PHASE, which the policy has as `phase PHASE { ... }`, over the filters that
 * there are, for all threads; of the policy's sandbox nothing is done. VALUES are as above, and the same
 * as for the first phase. The bundle has to be in memory, since a file may be out of reach by then.
 *
 * The first phase is applied before, by pale_apply() or by pale-run(1) that started the program: that
 * sets no_new_privs, without which the kernel says -EACCES to whoever has no CAP_SYS_ADMIN. Phases may
 * be left out. What is in force has to allow seccomp(SECCOMP_SET_MODE_FILTER,
 * SECCOMP_FILTER_FLAG_TSYNC, _), the one call that is made.
 *
 * Returns as pale_apply() does, and where it is not 0 nothing is done;
 *
 *	-ENOENT	  the policy has no such phase: the reason names those that come later
 */
int pale_apply_phase(const void *bundle, size_t size, const char *phase,
		     const struct pale_value *values, size_t count, struct pale_error *error);

#ifdef __cplusplus
}
#endif

#endif
