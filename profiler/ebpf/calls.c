/* SPDX-License-Identifier: Apache-2.0 */
/* What the catalogue knows of each call, in the form that the kernel's side reads. */
#include "profiler/ebpf/run.h"

#include <assert.h>

enum abi_id ebpf_abi(unsigned int abi)
{
	static const enum abi_id abis[] = {
		[TRACE_ABI_X86_64] = ABI_X86_64,
		[TRACE_ABI_X86] = ABI_X86,
		[TRACE_ABI_X32] = ABI_X32,
	};

	assert(abi < TRACE_ABIS);
	return abis[abi];
}

static uint64_t bits_mask(unsigned int bits)
{
	return bits < 64 ? ((uint64_t)1 << bits) - 1 : UINT64_MAX;
}

static void describe_arg(struct trace_value *value, const struct call_arg *arg,
			 const struct arg_place *place)
{
	value->source = place->split ? TRACE_PAIR : TRACE_REGISTER;
	value->low = place->low;
	value->high = place->high;
	value->mask = place->split ? UINT64_MAX : bits_mask(place->bits);
	value->bias = place->is_signed ? (uint64_t)1 << (place->bits - 1) : 0;
	value->pointer = arg->kind == ARG_POINTER ? UINT64_MAX : 0;
	value->ruled = arg->kind != ARG_POINTER && arg->use != ARG_OPAQUE ? UINT64_MAX : 0;
}

static void describe_behind(struct trace_value *value, const struct behind_field *field,
			    enum abi_id abi, call_id id)
{
	value->source = TRACE_BEHIND;
	value->low = call_arg_place(id, abi, field->pointer).low;
	value->high = call_arg_place(id, abi, field->size).low;
	value->offset = field->offset;
	value->wide = call_arg_place(id, abi, field->pointer).bits == 64;
	value->mask = UINT64_MAX;
	value->ruled = field->use != ARG_OPAQUE ? UINT64_MAX : 0;
}

static void describe_roles(struct trace_call *call, const struct serving_rule *rule, call_id id)
{
	call->by_first = serving_by_first(id);
	for (uint32_t first = 0; first < (call->by_first ? 32 : 1); first++) {
		uint32_t bit = (uint32_t)1 << first;

		switch (serving_role(rule, id, first)) {
		case SERVING_ROLE_LISTEN:
			call->listens |= bit;
			break;
		case SERVING_ROLE_WAIT:
			call->waits |= bit;
			break;
		case SERVING_ROLE_BEGIN:
			call->begins |= bit;
			break;
		default:
			break;
		}
	}
}

static void describe_call(struct trace_call *call, enum abi_id abi, call_id id,
			  const struct serving_rule *rule)
{
	unsigned int count, behind_count;
	const struct call_arg *args = call_args(id, abi, &count);
	const struct behind_field *behind = call_behind(id, &behind_count);

	assert(count + behind_count <= TRACE_VALUES);
	call->plain = behind_count == 0;
	call->count = (uint8_t)(count + behind_count);
	for (unsigned int i = 0; i < count; i++) {
		struct arg_place place = call_arg_place(id, abi, i);

		describe_arg(&call->values[i], &args[i], &place);
		if (place.split || place.low != i)
			call->plain = 0;
	}
	for (unsigned int i = 0; i < behind_count; i++)
		describe_behind(&call->values[count + i], &behind[i], abi, id);
	for (unsigned int i = 0; i < call->count; i++)
		call->ruled |= (uint8_t)((call->values[i].ruled & 1) << i);
	call->quick = call->plain && call->count <= TRACE_FEW && !call->ruled;
	describe_roles(call, rule, id);
	call->roles = (call->listens | call->waits | call->begins) != 0;
}

void ebpf_calls_describe(struct trace_shared *shared, const struct serving_rule *rule)
{
	/*
	 * A process is in the phase of the one that made it: a thread that makes one looks up first how
	 * its own process stands.
	 */
	const call_id making[] = {call_find("fork"), call_find("vfork"), call_find("clone"),
				  call_find("clone3")};

	for (unsigned int abi = 0; abi < TRACE_ABIS; abi++) {
		const struct abi *known = abi_get(ebpf_abi(abi));

		for (uint32_t number = 0; number < TRACE_CALLS; number++) {
			struct trace_call *call = &shared->calls[abi * TRACE_CALLS + number];
			call_id id = call_by_number(known->id, known->number_base + number);

			*call = (struct trace_call){.plain = 1, .quick = 1};
			if (id != CALL_NONE)
				describe_call(call, known->id, id, rule);
			for (size_t i = 0; i < sizeof(making) / sizeof(making[0]); i++)
				call->roles |= id != CALL_NONE && id == making[i];
		}
	}
}
