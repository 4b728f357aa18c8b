/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include <asm/errno.h>
#include <asm/signal.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/wait.h>

_Noreturn void guest_start(long *stack);

__asm__(".text\n"
	".globl _start\n"
	".globl __start\n"
	"_start:\n"
	"__start:\n" RAW_START);

static char line[1024];
static size_t line_length;

void *memset(void *to, int byte, size_t size)
{
	for (volatile char *at = to; size; size--)
		*at++ = (char)byte;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	const char *source = from;

	for (volatile char *at = to; size; size--)
		*at++ = *source++;
	return to;
}

long guest_call6(long number, long a, long b, long c, long d, long e, long f)
{
	/* Sign-extended, as registers of MIPS must be. */
	const uint64_t words[8] = {(uint64_t)(int64_t)a, (uint64_t)(int64_t)b,
				   (uint64_t)(int64_t)c, (uint64_t)(int64_t)d,
				   (uint64_t)(int64_t)e, (uint64_t)(int64_t)f};

	return (long)raw_call((uint64_t)number, words);
}

/* Where the program is not even allowed to exit, an endless loop would hold the machine up. */
_Noreturn void guest_exit(int status)
{
	for (;;) {
		guest_call(__NR_exit_group, status);
		__builtin_trap();
	}
}

_Noreturn void guest_start(long *stack)
{
	int status = guest_main((int)stack[0], (char **)(stack + 1));

	guest_flush();
	guest_exit(status);
}

_Noreturn void guest_fail(const char *step, long result)
{
	guest_print("FAILED ");
	guest_print(step);
	guest_print(": ");
	guest_print_decimal(result);
	guest_print("\n");
	guest_flush();
	guest_exit(99);
}

long guest_fork(void)
{
	long child = guest_call(__NR_clone, SIGCHLD);

	if (child < 0)
		guest_fail("fork", child);
	return child;
}

int guest_wait(long child)
{
	int status = 0;
	long result;

	do
		result = guest_call(__NR_wait4, child, &status, __WALL);
	while (result == -EINTR);
	if (result != child)
		guest_fail("wait", result);
	return status;
}

void *guest_shared_memory(size_t size)
{
#ifdef __NR_mmap2
	const long number = __NR_mmap2;
#else
	const long number = __NR_mmap;
#endif
	long memory =
		guest_call(number, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);

	if (memory < 0 && memory > -4096)
		guest_fail("mmap", memory);
	return (void *)memory;
}

size_t guest_read(const char *path, char *buffer, size_t size)
{
	long fd = guest_call(__NR_openat, AT_FDCWD, path, O_RDONLY);
	size_t length = 0;
	long got;

	if (fd < 0)
		guest_fail(path, fd);
	while ((got = guest_call(__NR_read, fd, buffer + length, size - 1 - length)) > 0)
		length += (size_t)got;
	if (got < 0)
		guest_fail(path, got);
	buffer[length] = 0;
	guest_call(__NR_close, fd);
	return length;
}

bool guest_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

void guest_flush(void)
{
	guest_call(__NR_write, 1, line, line_length);
	line_length = 0;
}

void guest_print(const char *text)
{
	for (; *text; text++) {
		if (line_length == sizeof(line))
			guest_flush();
		line[line_length++] = *text;
	}
}

/* Without a division, which some of the machines have only in a library. */
void guest_print_decimal(long value)
{
	static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000, 100000,
					  10000,      1000,      100,      10,      1};
	uint32_t rest = value < 0 ? -(uint32_t)value : (uint32_t)value;
	bool started = false;

	if (value < 0)
		guest_print("-");
	for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		char digit[2] = "0";

		for (; rest >= powers[i]; rest -= powers[i])
			digit[0]++;
		started = started || digit[0] > '0' || powers[i] == 1;
		if (started)
			guest_print(digit);
	}
}

void guest_print_hex(uint64_t value)
{
	int shift = 60;

	while (shift > 0 && !(value >> shift))
		shift -= 4;
	guest_print("0x");
	for (; shift >= 0; shift -= 4) {
		const char digit[2] = {"0123456789abcdef"[value >> shift & 15], 0};

		guest_print(digit);
	}
}
