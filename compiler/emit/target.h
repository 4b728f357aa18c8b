/* SPDX-License-Identifier: Apache-2.0 */
/* How compilers and linkers tell the ABIs apart. */
#ifndef PALE_EMIT_TARGET_H
#define PALE_EMIT_TARGET_H

#include "policy-lang/catalog/abi.h"

#include <stdint.h>

struct target {
	const char *condition;   /* of the preprocessor: true where code is compiled for the ABI */
	unsigned char elf_class; /* ELFCLASS* */
	uint16_t machine;        /* EM_* */
	uint32_t flags;          /* e_flags of the most general kind, which links with the others */
};

const struct target *target_get(enum abi_id id);

#endif
