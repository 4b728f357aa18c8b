/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/requests.h"

#include <signal.h>
#include <stddef.h>

static void outlive(int signal)
{
	(void)signal;
}

void requests_outlive(void)
{
	static const int requests[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct sigaction action;

		if (sigaction(requests[i], NULL, &action) < 0 || action.sa_handler == SIG_IGN)
			continue;
		action = (struct sigaction){.sa_handler = outlive, .sa_flags = SA_RESTART};
		sigaction(requests[i], &action, NULL);
	}
}
