/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the calls that its arguments name, `NUMBER[,ARGUMENT...]` in hexadecimal, with registers
 * as they are given, and writes each one's result on a line: 0 or above, or -errno. With `i` in
 * front a call is made by int 0x80, as an i386 program does. `hold` reads standard input to its
 * end. It has no libc: behind a filter it makes these calls, read, write and exit_group alone.
 */
#include <asm/unistd.h>
#include <stddef.h>

static long call_native(unsigned long number, const unsigned long args[6])
{
	register unsigned long a3 __asm__("r10") = args[3];
	register unsigned long a4 __asm__("r8") = args[4];
	register unsigned long a5 __asm__("r9") = args[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(a3), "r"(a4),
			   "r"(a5)
			 : "rcx", "r11", "memory");
	return result;
}

/* The sixth argument, in ebp, stays 0. */
static long call_i386(unsigned long number, const unsigned long args[6])
{
	int result;

	__asm__ volatile("push %%rbp\n\txor %%ebp, %%ebp\n\tint $0x80\n\tpop %%rbp"
			 : "=a"(result)
			 : "a"(number), "b"(args[0]), "c"(args[1]), "d"(args[2]), "S"(args[3]),
			   "D"(args[4])
			 : "r8", "r9", "r10", "r11", "memory");
	return result;
}

static void write_all(const char *text, size_t length)
{
	unsigned long args[6] = {1, (unsigned long)text, length, 0, 0, 0};

	call_native(__NR_write, args);
}

static void write_number(long value)
{
	char digits[24];
	size_t at = sizeof(digits);
	unsigned long rest = value < 0 ? -(unsigned long)value : (unsigned long)value;

	digits[--at] = '\n';
	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		digits[--at] = '-';
	write_all(digits + at, sizeof(digits) - at);
}

static const char *read_number(const char *text, unsigned long *value)
{
	for (*value = 0;; text++) {
		if (*text >= '0' && *text <= '9')
			*value = *value << 4 | (unsigned long)(*text - '0');
		else if (*text >= 'a' && *text <= 'f')
			*value = *value << 4 | (unsigned long)(*text - 'a' + 10);
		else
			return text;
	}
}

static void hold(void)
{
	char byte;
	unsigned long args[6] = {0, (unsigned long)&byte, 1, 0, 0, 0};

	write_all("held\n", 5);
	while (call_native(__NR_read, args) > 0)
		;
}

static void probe(const char *word)
{
	unsigned long number, args[6] = {0};
	const char *at = read_number(word + (*word == 'i'), &number);

	for (int i = 0; *at == ',' && i < 6; i++)
		at = read_number(at + 1, &args[i]);
	write_number(*word == 'i' ? call_i386(number, args) : call_native(number, args));
}

__attribute__((used)) static void start(const unsigned long *stack)
{
	unsigned long args[6] = {0};

	for (unsigned long i = 1; i < stack[0]; i++) {
		const char *word = (const char *)stack[1 + i];

		if (*word == 'h')
			hold();
		else
			probe(word);
	}
	call_native(__NR_exit_group, args);
	__builtin_unreachable();
}

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
