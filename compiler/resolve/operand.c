/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/operand.h"
#include "compiler/resolve/number.h"

#include <assert.h>

static const char *kind_text(enum arg_kind kind)
{
	static const char *const texts[] = {
		[ARG_INT] = "an int",
		[ARG_UINT] = "an unsigned int",
		[ARG_FD] = "a file descriptor (an int)",
		[ARG_UMODE] = "a umode_t",
		[ARG_U16] = "a 16-bit number",
		[ARG_LONG] = "a long",
		[ARG_ULONG] = "an unsigned long",
		[ARG_POINTER] = "a pointer",
		[ARG_S64] = "a signed 64-bit number",
		[ARG_U64] = "an unsigned 64-bit number",
		[ARG_LOW_HIGH] = "a signed 64-bit number",
	};

	return texts[kind];
}

struct operand operand_argument(call_id call, enum abi_id abi, unsigned int index)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, abi, &count);
	struct arg_place place = call_arg_place(call, abi, index);
	const struct abi *target = abi_get(abi);

	assert(index < count);
	return (struct operand){
		.name = args[index].name,
		.type = kind_text(args[index].kind),
		.low = abi_word_low(target, place.low),
		.high = place.split ? abi_word_low(target, place.high)
				    : abi_word_high(target, place.low),
		.bits = place.bits,
		.is_signed = place.is_signed,
		.is_pointer = args[index].kind == ARG_POINTER,
		.mask = number_ones(place.bits),
		.named = args[index].mask,
	};
}

struct operand operand_register(enum abi_id abi, unsigned int index)
{
	static const char *const names[] = {"arg0", "arg1", "arg2", "arg3", "arg4", "arg5"};
	const struct abi *target = abi_get(abi);

	assert(index < CALL_ARGS_MAX);
	return (struct operand){
		.name = names[index],
		.type = "a register",
		.low = abi_word_low(target, index),
		.high = abi_word_high(target, index),
		.bits = target->long_bits,
		.mask = number_ones(target->long_bits),
	};
}
