/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs for the tracer's test to trace. Each does a thing that is hard to follow, and makes
 * getppid() a known number of times on the way: a call that no libc makes by itself.
 */
#ifndef PALE_TESTS_KERNEL_ACTS_H
#define PALE_TESTS_KERNEL_ACTS_H

/* Does what argv[2] names, as `PROGRAM --act NAME`. Returns the exit status, 99 for no such act. */
int act_run(int argc, char **argv);

#endif
