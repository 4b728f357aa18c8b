/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include "trials.h"

#include RAW_CALLS
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/mman.h>
#include <asm/signal.h>
#include <asm/socket.h>
#include <asm/sockios.h>
#include <linux/fadvise.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/termios.h>

/* What the kernel's headers have only inside the kernel (arch/mips/include/asm/socket.h). */
#ifdef __mips__
#define SOCK_DGRAM 1
#define SOCK_STREAM 2
#else
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#endif
#define SOCK_SEQPACKET 5
#define SOCK_CLOEXEC O_CLOEXEC
#define SOCK_NONBLOCK O_NONBLOCK
#define AF_UNIX 1

#if defined(__NR_Linux)
#define FIRST_NUMBER __NR_Linux
#elif defined(RAW_X32)
#define FIRST_NUMBER __X32_SYSCALL_BIT
#else
#define FIRST_NUMBER 0
#endif
/* Beyond every kernel of pale's baseline; and one that no call has any more, or had ever. */
#define UNKNOWN_NUMBER (FIRST_NUMBER + 900)
#if defined(__aarch64__)
#define GAP_NUMBER 300
#elif defined(__arm__)
#define GAP_NUMBER 7
#elif defined(__x86_64__)
#define GAP_NUMBER (FIRST_NUMBER + 400)
#elif defined(__i386__)
#define GAP_NUMBER 222
#elif _MIPS_SIM == _ABIO32
#define GAP_NUMBER 4221
#elif _MIPS_SIM == _ABI64
#define GAP_NUMBER 5193
#else
#define GAP_NUMBER 6400
#endif
#ifdef __ARM_NR_cacheflush
#define __NR_cacheflush __ARM_NR_cacheflush
#define __NR_set_tls __ARM_NR_set_tls
#endif

static char buffer[16];
static struct {
	void *base;
	unsigned long length;
} iovec = {buffer, 1};

#define ARGUMENT(kind, value, text)                                                                \
	{                                                                                          \
		ARGUMENT_##kind, (int64_t)(value), text                                            \
	}
#define I(value) ARGUMENT(INT, value, #value)
#define U(value) ARGUMENT(UNSIGNED, value, #value)
#define G(value) ARGUMENT(GARBAGE, value, #value)
#define H(value) ARGUMENT(MODE, value, #value)
#define L(value) ARGUMENT(LONG, value, #value)
#define Q(value) ARGUMENT(QUAD, value, #value)
#define P(value) ARGUMENT(HALVES, value, #value)
#define Z ARGUMENT(LONG, 0, "0")
#define B ARGUMENT(BUFFER, 0, "1")
#define V ARGUMENT(IOVEC, 0, "1")
#define ROW(policy, answer, number, name, multiplexed, ...)                                        \
	{#policy, __LINE__, answer, number, name, multiplexed, {__VA_ARGS__}},
#define WANT(policy, answer, name, ...) ROW(policy, answer, __NR_##name, #name, false, __VA_ARGS__)
#define CALL(policy, name, ...) WANT(policy, "", name, __VA_ARGS__)
#define CALL_NAMED(policy, name, ...) CALL(policy, name, __VA_ARGS__)
#define MUX(policy, name, ...) ROW(policy, "", __NR_##name, #name, true, __VA_ARGS__)
#define NUMBER(policy, answer, number, ...)                                                        \
	ROW(policy, answer, (uint32_t)(number), NULL, false, __VA_ARGS__)

const struct trial trials[] = {
#include "trials.def"
};
const size_t trial_count = sizeof(trials) / sizeof(trials[0]);

#ifdef __NR_ftruncate64
#define TRUNCATE ftruncate64
#else
#define TRUNCATE ftruncate
#endif
#define FACT_NAMED(result, name, ...)                                                              \
	{result, {"facts", __LINE__, "", __NR_##name, #name, false, {__VA_ARGS__}}},
#define FACT(result, name, ...) FACT_NAMED(result, name, __VA_ARGS__)

const struct fact facts[] = {
#include "facts.def"
};
const size_t fact_count = sizeof(facts) / sizeof(facts[0]);

static uint64_t register_value(const struct argument *argument)
{
	uint64_t value = (uint64_t)argument->value;

	switch (argument->kind) {
	case ARGUMENT_INT:
		return (uint64_t)(int64_t)(int32_t)value;
	case ARGUMENT_UNSIGNED:
		return (uint32_t)value;
	case ARGUMENT_GARBAGE:
		return (uint32_t)value | 0x5a5a1234ull << 32;
	case ARGUMENT_MODE:
		return (uint16_t)value | 0x5a5a12341a2bull << 16;
	case ARGUMENT_BUFFER:
		return (uint64_t)(int64_t)(long)buffer;
	case ARGUMENT_IOVEC:
		return (uint64_t)(int64_t)(long)&iovec;
	case ARGUMENT_LONG:
	case ARGUMENT_QUAD:
	case ARGUMENT_HALVES:
		break;
	}
	return value;
}

/* A value of 64 bits in 32-bit registers: the halves stand as they would in memory. */
static size_t place_pair(uint64_t value, size_t at, uint64_t words[8])
{
	uint32_t low = (uint32_t)value, high = (uint32_t)(value >> 32);

	if (RAW_PAIR_ALIGNED)
		at += at & 1;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	words[at] = high;
	words[at + 1] = low;
#else
	words[at] = low;
	words[at + 1] = high;
#endif
	return at + 2;
}

uint64_t trial_words(const struct trial *trial, uint64_t words[8])
{
	uint64_t plain[8] = {0};
	size_t at = 0;

	for (unsigned int i = 0; i < TRIAL_ARGUMENTS && trial->args[i].text; i++) {
		const struct argument *argument = &trial->args[i];

		if (argument->kind == ARGUMENT_QUAD && RAW_REGISTER_BITS == 32) {
			at = place_pair((uint64_t)argument->value, at, plain);
		} else if (argument->kind == ARGUMENT_HALVES && sizeof(long) == 4) {
			plain[at++] = (uint64_t)(int64_t)(int32_t)argument->value;
			plain[at++] = (uint64_t)(argument->value >> 32);
		} else {
			plain[at++] = register_value(argument);
		}
	}
	if (!trial->multiplexed) {
		memcpy(words, plain, sizeof(plain));
		return trial->number;
	}
#if defined(__mips__) && _MIPS_SIM == _ABIO32
	memcpy(words + 1, plain, 7 * sizeof(*words));
	words[0] = trial->number;
#endif
	return FIRST_NUMBER;
}

/* The registers of a call: b is a bad descriptor, 0 is 0, r is random; the others are random too. */
struct sample {
	uint32_t number;
	const char *pattern;
};
static const struct sample samples[] = {
	{__NR_getppid, ""},         {__NR_lseek, "brr"},      {__NR_dup3, "bbr"},
	{__NR_pread64, "b0rrrr"},   {__NR_ioctl, "brr"},      {__NR_mknodat, "b0rr"},
	{__NR_setsockopt, "brr0r"}, {__NR_getpriority, "rr"}, {__NR_fallocate, "brrrrr"},
	{__NR_fchmod, "br"},        {__NR_openat, "r0rr"},    {__NR_fcntl, "brr"},
	{__NR_readahead, "brrrr"},  {__NR_flock, "br"},       {__NR_madvise, "0rr"},
	{UNKNOWN_NUMBER, ""},       {GAP_NUMBER, ""},
#ifdef __NR_ftruncate64
	{__NR_ftruncate64, "brrr"},
#endif
};

static uint64_t random_value(uint64_t *random)
{
	static const uint64_t edges[] = {
		0,           1,           2,           5,          7,           0xf,
		0x10,        0777,        0x8000,      0x8001,     4095,        4096,
		4097,        0x7fffffff,  0x80000000,  0xffffffff, 0xfffffffb,  0xfffffffa,
		0x100000000, 0x100000fff, 0x200000001, 1ull << 63, UINT64_MAX,  0x500000007,
		TCGETS,      FIONBIO,     SIOCATMARK,  SOL_SOCKET, O_DIRECTORY, O_CREAT,
		0x9003,      0x80000010,  F_SETOWN,    SEEK_END,   1ull << 33,  0x7ffffff1,
	};
	uint64_t value;

	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	value = edges[(uint32_t)(*random >> 20) % (sizeof(edges) / sizeof(edges[0]))];
	if (*random >> 60 == 0)
		value ^= *random >> 3;
	if (*random >> 62 == 1) /* an int with garbage above it */
		value |= *random << 32;
	return value;
}

uint64_t trial_draw(uint64_t *random, uint64_t words[8])
{
	const struct sample *sample =
		&samples[(uint32_t)random_value(random) % (sizeof(samples) / sizeof(samples[0]))];
	const char *pattern = sample->pattern;

	memset(words, 0, 8 * sizeof(*words));
	for (size_t i = 0; i < 6; i++) {
		uint64_t value = random_value(random);

		if (RAW_REGISTER_BITS == 32)
			value = (uint32_t)value;
		if (*pattern != '0')
			words[i] = *pattern == 'b' ? 0xfffffff0 : value;
		if (*pattern)
			pattern++;
	}
	return sample->number;
}
