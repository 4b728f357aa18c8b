/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/recorder/address.h"

#include <string.h>

/* By the catalogue's names. Those of fcntl, ioctl and prctl are addresses for some commands. */
static const char *const address_names[] = {
	"addr", "old_address", "new_address", "start", "stack", "tls",  "entry",
	"argp", "arg",         "arg2",        "arg3",  "arg4",  "arg5", "data",
};

static bool arg_may_be_address(const struct call_arg *arg)
{
	if (arg->kind != ARG_ULONG || arg->use != ARG_OPAQUE)
		return false;
	for (size_t i = 0; i < sizeof(address_names) / sizeof(address_names[0]); i++)
		if (strcmp(arg->name, address_names[i]) == 0)
			return true;
	return false;
}

static void call_hide_addresses(struct recorded_call *call)
{
	const struct call_arg *args;
	unsigned int count;
	call_id id = call_by_number(call->abi, call->number);

	if (id == CALL_NONE)
		return;
	args = call_args(id, call->abi, &count);
	for (unsigned int i = 0; i < count && i < call->args.count; i++) {
		struct recorded_arg *arg = &call->args.items[i];

		if (!arg_may_be_address(&args[i]))
			continue;
		/* An unsigned long's least value is 0 where any was. */
		arg->least = arg->least != 0;
		arg->most = arg->most != 0;
		arg->all = arg->least;
		arg->some = arg->most;
	}
}

void recorded_run_hide_addresses(struct recorded_run *run)
{
	for (size_t i = 0; i < run->executables.count; i++)
		for (size_t j = 0; j < run->executables.items[i]->calls.count; j++)
			call_hide_addresses(run->executables.items[i]->calls.items[j]);
}
