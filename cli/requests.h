/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to end: SIGINT, SIGTERM and SIGHUP. */
#ifndef PALE_CLI_REQUESTS_H
#define PALE_CLI_REQUESTS_H

/*
 * From now on such a request does not end this process. One that comes when the program has ended
 * already, while its recording is written, is no reason to lose that. Tracers take these signals
 * themselves while they run, and an exec puts what is handled back, so the program knows nothing of
 * it; what is ignored stays so.
 */
void requests_outlive(void);

#endif
