/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/difference.h"

#include "compiler/resolve/resolver.h"

void differences_init(struct resolver *resolver)
{
	struct arena *arena = resolver->arena;
	struct differences *made = arena_alloc(arena, sizeof(*made));

	made->absent = arena_alloc_array(arena, call_count(), sizeof(*made->absent));
	made->hidden = arena_alloc_array(arena, call_count(), sizeof(*made->hidden));
	made->hidden_arguments =
		arena_alloc_array(arena, call_count(), sizeof(*made->hidden_arguments));
	made->split = arena_alloc_array(arena, call_count(), sizeof(*made->split));
	made->whole = arena_alloc_array(arena, call_count(), sizeof(*made->whole));
	made->constants = arena_alloc_array(arena, constant_count(), sizeof(*made->constants));
	resolver->rules->differences = made;
}

/* Where what is met now is noted; NULL where it is not. */
static struct differences *differences_now(struct resolver *resolver)
{
	return resolver->shipped || resolver->untaken ? NULL : resolver->rules->differences;
}

void difference_note_absent(struct resolver *resolver, call_id call)
{
	struct differences *differences = differences_now(resolver);

	if (differences)
		differences->absent[call] |= ABI_BIT(resolver->abi->id);
}

void difference_note_hidden(struct resolver *resolver, call_id call, const char *argument)
{
	struct differences *differences = differences_now(resolver);

	if (!differences)
		return;
	differences->hidden[call] |= ABI_BIT(resolver->abi->id);
	if (!differences->hidden_arguments[call])
		differences->hidden_arguments[call] = argument;
}

void difference_note_argument(struct resolver *resolver, call_id call, unsigned int index)
{
	struct differences *differences = differences_now(resolver);
	abi_set abi = ABI_BIT(resolver->abi->id);

	if (!differences)
		return;
	if (call_arg_place(call, resolver->abi->id, index).split)
		differences->split[call][index] |= abi;
	else
		differences->whole[call][index] |= abi;
}

void difference_note_constant(struct resolver *resolver, const char *name)
{
	struct differences *differences = differences_now(resolver);
	constant_id id = constant_find(name);

	if (differences && id != CONSTANT_NONE)
		differences->constants[id] |= ABI_BIT(resolver->abi->id);
}
