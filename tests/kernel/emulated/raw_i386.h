/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_EMULATED_RAW_I386_H
#define PALE_EMULATED_RAW_I386_H

#define RAW_ABI "x86"
#define RAW_REGISTER_BITS 32
#define RAW_PAIR_ALIGNED 0
#define RAW_START                                                                                  \
	"	xorl %ebp, %ebp\n"                                                                       \
	"	movl %esp, %eax\n"                                                                       \
	"	andl $-16, %esp\n"                                                                       \
	"	subl $12, %esp\n"                                                                        \
	"	pushl %eax\n"                                                                            \
	"	call guest_start\n"

struct raw_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask[2];
};

/* The sixth argument is in %ebp, which the compiler may need: all six are taken from memory. */
static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	const uint32_t registers[6] = {(uint32_t)words[0], (uint32_t)words[1], (uint32_t)words[2],
				       (uint32_t)words[3], (uint32_t)words[4], (uint32_t)words[5]};
	int32_t result;

	__asm__ volatile("pushl %%ebx\n\t"
			 "pushl %%ebp\n\t"
			 "movl (%%edi), %%ebx\n\t"
			 "movl 4(%%edi), %%ecx\n\t"
			 "movl 8(%%edi), %%edx\n\t"
			 "movl 12(%%edi), %%esi\n\t"
			 "movl 20(%%edi), %%ebp\n\t"
			 "movl 16(%%edi), %%edi\n\t"
			 "int $0x80\n\t"
			 "popl %%ebp\n\t"
			 "popl %%ebx"
			 : "=a"(result)
			 : "a"((uint32_t)number), "D"(registers)
			 : "ecx", "edx", "esi", "memory");
	return result;
}

#endif
