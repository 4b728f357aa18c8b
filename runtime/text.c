/* SPDX-License-Identifier: Apache-2.0 */
/* Words and numbers, and the one way to fail. */
#include "runtime/shim.h"

#include <stdarg.h>

/* The compiler calls these for copies and zeroes of its own making. */
void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);

void *memcpy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = ((const char *)from)[i];
		__asm__ volatile("" : : : "memory"); /* or it becomes a call of itself */
	}
	return to;
}

void *memset(void *to, int value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = (char)value;
		__asm__ volatile("" : : : "memory");
	}
	return to;
}

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

long text_number(const char *text, long limit)
{
	long value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		int digit = *text - '0';

		/* LIMIT may be all that a long holds. */
		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value) || value > limit)
			return -1;
	}
	return value;
}

char *number_text(char buffer[24], uint64_t value)
{
	/* Words of 32 bits, so that no machine needs a division of its compiler's library. */
	char *at = buffer + 23;
	uint32_t high = (uint32_t)(value >> 32), low = (uint32_t)value;

	*at = '\0';
	do {
		uint32_t rest = 0, words[4] = {high >> 16, high & 0xffff, low >> 16, low & 0xffff};

		for (int i = 0; i < 4; i++) {
			uint32_t part = rest << 16 | words[i];

			words[i] = part / 10;
			rest = part % 10;
		}
		high = words[0] << 16 | words[1];
		low = words[2] << 16 | words[3];
		*--at = (char)('0' + rest);
	} while (high | low);
	return at;
}

void message_add(struct message *message, const char *words)
{
	while (*words && message->length < sizeof(message->bytes) - 1)
		message->bytes[message->length++] = *words++;
	message->bytes[message->length] = '\0';
}

void fail(enum shim_status status, const char *step, long error, ...)
{
	struct message message = {.length = 0};
	char number[24];
	const char *words;
	va_list args;

	message_add(&message, "pale-run: ");
	message_add(&message, step);
	message_add(&message, ": ");
	va_start(args, error);
	while ((words = va_arg(args, const char *)))
		message_add(&message, words);
	va_end(args);
	if (error) {
		const char *name = errno_name((int)-error);

		message_add(&message, name ? " (" : " (errno ");
		message_add(&message, name ? name : number_text(number, (uint64_t)-error));
		message_add(&message, ")");
	}
	message.bytes[message.length++] = '\n';
	/* Nobody is left to be told that this did not work. */
	(void)sys_write(2, message.bytes, message.length);
	sys_exit(status);
}

void fail_with(const struct failure *failure)
{
	const char *number = "";
	char buffer[24];

	if (failure->has_number)
		number = number_text(buffer, failure->number);
	fail(SHIM_FAILED, failure->step, failure->error, failure->words, number,
	     failure->detail ? failure->detail : "", NULL);
}
