/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes one system call for each argument `NAME=NUMBER[,ARGUMENT...]` and prints `NAME RESULT`,
 * the result being 0 or above, or -errno. It has no libc, so that behind a filter it makes these
 * calls, write and exit_group, and no others. x86_64 only.
 */
#include <asm/unistd.h>
#include <stddef.h>

static long call(long number, const long args[6])
{
	register long a3 __asm__("r10") = args[3];
	register long a4 __asm__("r8") = args[4];
	register long a5 __asm__("r9") = args[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(a3), "r"(a4),
			   "r"(a5)
			 : "rcx", "r11", "memory");
	return result;
}

static void text_write(const char *text, size_t length)
{
	long args[6] = {1, (long)text, (long)length, 0, 0, 0};

	call(__NR_write, args);
}

static void number_write(long value)
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
	digits[--at] = ' ';
	text_write(digits + at, sizeof(digits) - at);
}

static const char *number_read(const char *text, long *value)
{
	long sign = *text == '-' ? -1 : 1;

	text += *text == '-';
	for (*value = 0; *text >= '0' && *text <= '9'; text++)
		*value = *value * 10 + (*text - '0');
	*value *= sign;
	return text;
}

static void probe(const char *word)
{
	long number, args[6] = {0};
	const char *at = word;

	while (*at && *at != '=')
		at++;
	if (*at != '=')
		return;
	text_write(word, (size_t)(at - word));
	at = number_read(at + 1, &number);
	for (int i = 0; *at == ',' && i < 6; i++)
		at = number_read(at + 1, &args[i]);
	number_write(call(number, args));
}

/* STACK is what the kernel leaves at the entry: argc, argv. */
__attribute__((used)) static void probe_all(const long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	long status[6] = {0};

	for (long i = 1; i < stack[0]; i++)
		probe(argv[i]);
	call(__NR_exit_group, status);
}

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall probe_all\n");
