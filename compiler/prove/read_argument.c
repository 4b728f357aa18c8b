/* SPDX-License-Identifier: Apache-2.0 */
/* What a name on the left of a comparison means in one call: which bits, of which sign. */
#include "compiler/prove/reader.h"

/* The index in struct seccomp_data of the word at OFFSET. */
static unsigned int word_at(uint32_t offset)
{
	return offset / 4;
}

struct read_argument reader_argument_at(const struct reader *reader, call_id call,
					unsigned int index)
{
	const struct abi *abi = reader->abi;
	struct arg_place place = call_arg_place(call, abi->id, index);
	unsigned int count;
	struct read_argument argument = {
		.is_signed = place.is_signed,
		.is_pointer = call_args(call, abi->id, &count)[index].kind == ARG_POINTER,
	};
	unsigned int low = word_at(abi_word_low(abi, place.low));

	if (place.bits <= 32)
		argument.field = field_of_word(low, place.bits);
	else if (place.split)
		argument.field = field_of_words(low, word_at(abi_word_low(abi, place.high)));
	else
		argument.field = field_of_words(low, word_at(abi_word_high(abi, place.low)));
	return argument;
}

/* A register as it is: as wide as the kernel reads it, and without a sign. */
static struct read_argument argument_of_register(const struct reader *reader, unsigned int index)
{
	unsigned int low = word_at(abi_word_low(reader->abi, index));

	if (reader->abi->long_bits <= 32)
		return (struct read_argument){field_of_word(low, reader->abi->long_bits), false,
					      false};
	return (struct read_argument){
		field_of_words(low, word_at(abi_word_high(reader->abi, index))), false, false};
}

/* How many registers the call reads, one that it leaves out for alignment among them. */
static unsigned int registers_read(const struct reader *reader, call_id call)
{
	unsigned int count;
	struct arg_place last;

	call_args(call, reader->abi->id, &count);
	if (!count)
		return 0;
	last = call_arg_place(call, reader->abi->id, count - 1);
	return 1u + (last.low > last.high ? last.low : last.high);
}

/* The N of argN, 0 to 5, or 6. */
static unsigned int register_by_name(const char *name)
{
	if (name[0] == 'a' && name[1] == 'r' && name[2] == 'g' && name[3] >= '0' &&
	    name[3] < '0' + CALL_ARGS_MAX && !name[4])
		return (unsigned int)(name[3] - '0');
	return CALL_ARGS_MAX;
}

enum read_sight reader_argument(const struct reader *reader, call_id call, const char *name,
				struct read_argument *argument)
{
	int index = call_arg_find(call, reader->abi->id, name);
	unsigned int reg;

	if (index >= 0) {
		*argument = reader_argument_at(reader, call, (unsigned int)index);
		return READ_SEEN;
	}
	reg = register_by_name(name);
	if (reg < CALL_ARGS_MAX) {
		if (reg >= registers_read(reader, call))
			return READ_LACKING;
		*argument = argument_of_register(reader, reg);
		return READ_SEEN;
	}
	return call_arg_is_hidden(call, reader->abi->id, name) ? READ_HIDDEN : READ_LACKING;
}
