/* SPDX-License-Identifier: Apache-2.0 */
/* Symbolic constants, with their value on each ABI. */
#ifndef PALE_CATALOG_CONSTANT_H
#define PALE_CATALOG_CONSTANT_H

#include "policy-lang/catalog/abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of a constant in the catalogue, ordered by name. */
typedef uint16_t constant_id;
#define CONSTANT_NONE ((constant_id)0xffff)

struct constant {
	const char *name;
	/*
	 * What it belongs to: the prefix of its kin ("O_", "AF_", "PROT_"), which call_arg.family
	 * names. "E" is errno, "SIG" signals, "CAP_" capabilities.
	 */
	const char *family;
};

size_t constant_count(void);
const struct constant *constant_get(constant_id id);
constant_id constant_find(const char *name);
/* Its value on ABI; false where the ABI lacks it. Values are 64 bits wide, two's complement. */
bool constant_value(constant_id id, enum abi_id abi, uint64_t *value);
/*
 * The best name for VALUE in FAMILY on ABI: the first in the catalogue's order of preference
 * (O_NONBLOCK before O_NDELAY). CONSTANT_NONE where none has it.
 */
constant_id constant_name(const char *family, enum abi_id abi, uint64_t value);
/* The constants of a family, in the catalogue's order; *COUNT is 0 for a family it lacks. */
const constant_id *constant_family(const char *family, unsigned int *count);

#endif
