/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include "trials.h"

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

/* Beyond every kernel of pale's baseline; and one that no call has any more, or had ever. */
#ifdef __NR_Linux
#define UNKNOWN_NUMBER (__NR_Linux + 900)
#else
#define UNKNOWN_NUMBER 900
#endif
#if defined(__aarch64__)
#define GAP_NUMBER 300
#elif defined(__arm__)
#define GAP_NUMBER 7
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

#define I(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_INT, (int64_t)(value), #value                                             \
	}
#define U(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_UNSIGNED, (int64_t)(value), #value                                        \
	}
#define G(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_GARBAGE, (int64_t)(value), #value                                         \
	}
#define H(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_MODE, (int64_t)(value), #value                                            \
	}
#define L(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_LONG, (int64_t)(value), #value                                            \
	}
#define Q(value)                                                                                   \
	{                                                                                          \
		ARGUMENT_QUAD, (int64_t)(value), #value                                            \
	}
#define Z                                                                                          \
	{                                                                                          \
		ARGUMENT_LONG, 0, "0"                                                              \
	}
#define B                                                                                          \
	{                                                                                          \
		ARGUMENT_BUFFER, 0, "1"                                                            \
	}
#define ROW(policy, number, name, multiplexed, ...)                                                \
	{#policy, __LINE__, number, name, multiplexed, {__VA_ARGS__}},
#define CALL(policy, name, ...) ROW(policy, __NR_##name, #name, false, __VA_ARGS__)
#define MUX(policy, name, ...) ROW(policy, __NR_##name, #name, true, __VA_ARGS__)
#define NUMBER(policy, number, ...) ROW(policy, (uint32_t)(number), NULL, false, __VA_ARGS__)
#define CALL_NAMED(policy, name, ...) CALL(policy, name, __VA_ARGS__)

const struct trial trials[] = {
#include "trials.def"
};
const size_t trial_count = sizeof(trials) / sizeof(trials[0]);

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
	case ARGUMENT_LONG:
	case ARGUMENT_QUAD:
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
		if (trial->args[i].kind == ARGUMENT_QUAD && RAW_REGISTER_BITS == 32)
			at = place_pair((uint64_t)trial->args[i].value, at, plain);
		else
			plain[at++] = register_value(&trial->args[i]);
	}
	if (!trial->multiplexed) {
		memcpy(words, plain, sizeof(plain));
		return trial->number;
	}
#if defined(__mips__) && _MIPS_SIM == _ABIO32
	memcpy(words + 1, plain, 7 * sizeof(*words));
	words[0] = trial->number;
#endif
	return UNKNOWN_NUMBER - 900;
}
