/* SPDX-License-Identifier: Apache-2.0 */
/* A line for whoever started pale and waits until it has begun. */
#ifndef PALE_CLI_READY_H
#define PALE_CLI_READY_H

#include <stdbool.h>

struct ready {
	int descriptor;
};

/* TEXT is the number of a descriptor, which has to be open. No program that is started gets it. */
bool ready_take(struct ready *ready, const char *text);
/*
 * Writes a line to it and closes it. Where it never comes to that, its end closes it, so that nobody
 * waits for ever. READY is a struct ready.
 */
void ready_say(void *ready);

#endif
