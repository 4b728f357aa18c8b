/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/subject.h"

#include <string.h>

static const char *const register_names[] = {"arg0", "arg1", "arg2", "arg3", "arg4", "arg5"};

static struct subject of_argument(const struct call_form *form, unsigned int index)
{
	const struct abi *abi = form->abi;
	unsigned int count;
	const struct call_arg *arg = &call_args(form->call, abi->id, &count)[index];
	struct arg_place place = call_arg_place(form->call, abi->id, index);
	struct subject subject = {
		.name = arg->name,
		.low = (uint8_t)(abi_word_low(abi, place.low) / 4),
		.bits = place.bits,
		.is_signed = place.is_signed,
		.is_pointer = arg->kind == ARG_POINTER,
		.arg = arg,
	};

	subject.high = subject.low;
	if (place.split)
		subject.high = (uint8_t)(abi_word_low(abi, place.high) / 4);
	else if (place.bits > 32)
		subject.high = (uint8_t)(abi_word_high(abi, place.low) / 4);
	return subject;
}

static unsigned int argument_count(const struct call_form *form)
{
	unsigned int count = 0;

	if (form->call != CALL_NONE)
		call_args(form->call, form->abi->id, &count);
	return count;
}

/* How many registers the kernel reads for the call: the others have no name. */
static unsigned int register_count(const struct call_form *form)
{
	unsigned int count = argument_count(form);
	struct arg_place last;

	if (form->call == CALL_NONE)
		return CALL_ARGS_MAX;
	if (count == 0)
		return 0;
	last = call_arg_place(form->call, form->abi->id, count - 1);
	return (last.low > last.high ? last.low : last.high) + 1u;
}

/* Register INDEX as a subject; false where the call does not read it, or another has its name. */
static bool of_register(const struct call_form *form, unsigned int index, struct subject *subject)
{
	const struct abi *abi = form->abi;
	uint8_t low = (uint8_t)(abi_word_low(abi, index) / 4);

	if (index >= register_count(form) ||
	    (form->call != CALL_NONE &&
	     call_arg_find(form->call, abi->id, register_names[index]) >= 0))
		return false;
	*subject = (struct subject){
		.name = register_names[index],
		.low = low,
		.high = abi->long_bits > 32 ? (uint8_t)(abi_word_high(abi, index) / 4) : low,
		.bits = abi->long_bits,
	};
	for (unsigned int i = 0; i < argument_count(form); i++) {
		struct subject argument = of_argument(form, i);

		if (argument.low == low)
			subject->arg = argument.arg;
	}
	return true;
}

/* The bits of WORD that SUBJECT reaches. */
static uint32_t reach(const struct subject *subject, unsigned int word)
{
	if (word == subject->low)
		return subject->bits < 32 ? (1u << subject->bits) - 1 : UINT32_MAX;
	return word == subject->high ? UINT32_MAX : 0;
}

/* Whether SUBJECT reaches all BITS of its words; for an argument, and of the rest of its register. */
static bool reaches(const struct call_form *form, const struct subject *subject,
		    const uint32_t bits[WORD_COUNT])
{
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++) {
		unsigned int low = abi_word_low(form->abi, i) / 4;
		unsigned int high = abi_word_high(form->abi, i) / 4;

		if (subject->low != low && subject->high != low)
			continue;
		if (bits[low] & ~reach(subject, low) || bits[high] & ~reach(subject, high))
			return false;
	}
	return true;
}

static bool touches(const struct subject *subject, const uint32_t bits[WORD_COUNT])
{
	return bits[subject->low] || bits[subject->high];
}

static void take(struct subjects *subjects, const struct subject *subject,
		 uint32_t left[WORD_COUNT])
{
	subjects->items[subjects->count++] = *subject;
	left[subject->low] &= ~reach(subject, subject->low);
	left[subject->high] &= ~reach(subject, subject->high);
}

static const char *refusal_for(const struct call_form *form, const uint32_t left[WORD_COUNT])
{
	for (unsigned int word = 0; word < WORD_COUNT; word++) {
		if (!left[word])
			continue;
		if (word < WORD_ARGUMENTS)
			return word < 2 ? "it depends on more than the call's arguments"
					: "it depends on the instruction pointer";
		if (form->abi->long_bits == 32 &&
		    word == abi_word_high(form->abi, (word - WORD_ARGUMENTS) / 2) / 4)
			return "it depends on the upper half of a register that has 32 bits";
		return "it depends on a register, or on a part of one, that the call does not read";
	}
	return NULL;
}

struct subjects subjects_find(const struct call_form *form, const uint32_t bits[WORD_COUNT])
{
	struct subjects subjects = {.count = 0};
	uint32_t left[WORD_COUNT];
	struct subject subject;

	memcpy(left, bits, sizeof(left));
	for (unsigned int i = 0; i < argument_count(form); i++) {
		subject = of_argument(form, i);
		if (touches(&subject, left) && reaches(form, &subject, bits))
			take(&subjects, &subject, left);
	}
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		if (of_register(form, i, &subject) && touches(&subject, left))
			take(&subjects, &subject, left);
	subjects.refusal = refusal_for(form, left);
	return subjects;
}

bool subject_find(const struct call_form *form, const char *name, struct subject *subject)
{
	int index = -1;

	if (form->call != CALL_NONE)
		index = call_arg_find(form->call, form->abi->id, name);
	if (index >= 0) {
		*subject = of_argument(form, (unsigned int)index);
		return true;
	}
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		if (strcmp(name, register_names[i]) == 0)
			return of_register(form, i, subject);
	return false;
}

bool subject_register(const struct call_form *form, const struct subject *subject,
		      struct subject *raw)
{
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
		if (of_register(form, i, raw) && raw->low == subject->low &&
		    raw->bits == subject->bits && raw->high == subject->high)
			return true;
	return false;
}

bool subject_low_half(const struct call_form *form, const struct subject *raw,
		      struct subject *argument)
{
	for (unsigned int i = 0; i < argument_count(form); i++) {
		*argument = of_argument(form, i);
		if (argument->low == raw->low && argument->bits == 32)
			return true;
	}
	return false;
}

struct field subject_field(const struct subject *subject)
{
	if (subject->bits > 32)
		return field_of_words(subject->low, subject->high);
	return field_of_word(subject->low, subject->bits);
}

word_set subject_words(const struct subject *subject)
{
	return WORD_BIT(subject->low) | WORD_BIT(subject->high);
}
