/* SPDX-License-Identifier: Apache-2.0 */
/* pale: finds the subcommand and runs it. */
#include "cli/command.h"

#include <stdio.h>

int main(void)
{
	fputs("usage: pale COMMAND [ARGUMENT...]\n", stderr);
	return COMMAND_USAGE;
}
