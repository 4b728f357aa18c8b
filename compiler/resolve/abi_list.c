/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/abi_list.h"

/* So many names are read at one look; more are told by what is missing, if that is less. */
#define NAMES_SHORT 3

static const char *list_names(struct arena *arena, abi_set abis)
{
	const char *names = "";

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			names = arena_printf(arena, "%s%s%s", names, *names ? ", " : "",
					     abi_get((enum abi_id)id)->name);
	return names;
}

const char *abi_list(struct arena *arena, abi_set abis, abi_set all)
{
	int count = __builtin_popcount(abis), rest = __builtin_popcount(all & ~abis);

	if (count <= NAMES_SHORT || rest >= count)
		return list_names(arena, abis);
	if (!rest)
		return "all ABIs";
	return arena_printf(arena, "all ABIs but %s", list_names(arena, all & ~abis));
}
