/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs for the adaptive tracer's test: each makes calls until the tracer has enough of them and
 * puts a filter into it, amid something that is hard on that, and then makes calls that are new.
 */
#ifndef PALE_TESTS_KERNEL_ADAPTIVE_ACTS_H
#define PALE_TESTS_KERNEL_ADAPTIVE_ACTS_H

/* Does what argv[2] names, as `PROGRAM --act NAME`. Returns the exit status, 99 for no such act. */
int adaptive_act_run(int argc, char **argv);

#endif
