/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs inside an emulated machine share: they have no C library. */
#ifndef PALE_EMULATED_GUEST_H
#define PALE_EMULATED_GUEST_H

#include "raw.h"

#include <stdbool.h>
#include <stddef.h>

/* Each program's own. ARGUMENTS ends with NULL; what it returns is the exit status. */
int guest_main(int count, char **arguments);

/* A call with up to six arguments, none of them wider than a register. -errno on failure. */
long guest_call6(long number, long a, long b, long c, long d, long e, long f);
#define GUEST_CALL_(number, a, b, c, d, e, f, ...)                                                 \
	guest_call6((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define guest_call(...) GUEST_CALL_(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

_Noreturn void guest_exit(int status);
/* Ends the program, having said that STEP failed with RESULT. */
_Noreturn void guest_fail(const char *step, long result);
/* A child process, as fork(2). */
long guest_fork(void);
/* Waits for CHILD to end. Returns its wait status. */
int guest_wait(long child);
/* Memory that children share with their parent. */
void *guest_shared_memory(size_t size);
/* Reads PATH into BUFFER, with a NUL behind it. Returns the length; a failure ends the program. */
size_t guest_read(const char *path, char *buffer, size_t size);

/* What the compiler calls by itself too. */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
bool guest_equal(const char *a, const char *b);
/* Writes TEXT, or a number, to a buffer, which guest_flush() writes to the console in one go. */
void guest_print(const char *text);
void guest_print_decimal(long value);
void guest_print_hex(uint64_t value);
void guest_flush(void);

#endif
