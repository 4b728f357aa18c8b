/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_EMULATED_RAW_ARM_H
#define PALE_EMULATED_RAW_ARM_H

#define RAW_ABI "arm"
#define RAW_REGISTER_BITS 32
#define RAW_PAIR_ALIGNED 1
#define RAW_START                                                                                  \
	"	mov fp, #0\n"                                                                            \
	"	mov r0, sp\n"                                                                            \
	"	bic sp, sp, #7\n"                                                                        \
	"	bl guest_start\n"

struct raw_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask[2];
};

static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	register uint32_t r7 __asm__("r7") = (uint32_t)number;
	register uint32_t r0 __asm__("r0") = (uint32_t)words[0];
	register uint32_t r1 __asm__("r1") = (uint32_t)words[1];
	register uint32_t r2 __asm__("r2") = (uint32_t)words[2];
	register uint32_t r3 __asm__("r3") = (uint32_t)words[3];
	register uint32_t r4 __asm__("r4") = (uint32_t)words[4];
	register uint32_t r5 __asm__("r5") = (uint32_t)words[5];

	__asm__ volatile("svc #0"
			 : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory");
	return (int32_t)r0;
}

#endif
