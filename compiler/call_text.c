/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/call_text.h"

void call_print(call_id call, enum abi_id id, const uint32_t words[16], struct text *out)
{
	const struct abi *abi = abi_get(id);
	unsigned int count;

	call_args(call, id, &count);
	text_printf(out, "%s(", call_get(call)->name);
	for (unsigned int i = 0; i < count; i++) {
		struct arg_place place = call_arg_place(call, id, i);
		uint64_t value = words[abi_word_low(abi, place.low) / 4];

		if (place.split)
			value |= (uint64_t)words[abi_word_low(abi, place.high) / 4] << 32;
		else if (place.bits == 64)
			value |= (uint64_t)words[abi_word_high(abi, place.low) / 4] << 32;
		text_printf(out, "%s0x%llx", i ? ", " : "", (unsigned long long)value);
	}
	text_add_char(out, ')');
}

void call_print_words(const uint32_t words[16], struct text *out)
{
	const struct abi *abi = abi_identify(words[1], words[0]);
	call_id call = abi ? call_by_number(abi->id, words[0]) : CALL_NONE;

	if (call != CALL_NONE) {
		call_print(call, abi->id, words, out);
		return;
	}
	if (!abi) {
		text_printf(out, "call %u by way of AUDIT_ARCH 0x%x", words[0], words[1]);
		return;
	}
	text_printf(out, "%u(", words[0]);
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		text_printf(out, "%s0x%llx", i ? ", " : "",
			    (unsigned long long)words[abi_word_high(abi, i) / 4] << 32 |
				    words[abi_word_low(abi, i) / 4]);
	text_add_char(out, ')');
}
