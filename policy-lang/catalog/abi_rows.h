/* SPDX-License-Identifier: Apache-2.0 */
/* The ABIs' rows, one file a family (abi_*.c), which abi.c puts into one table. */
#ifndef PALE_CATALOG_ABI_ROWS_H
#define PALE_CATALOG_ABI_ROWS_H

#include "policy-lang/catalog/abi.h"

extern const struct abi abi_x86_64;
extern const struct abi abi_x86;
extern const struct abi abi_x32;
extern const struct abi abi_arm;
extern const struct abi abi_aarch64;
extern const struct abi abi_mips;
extern const struct abi abi_mipsel;
extern const struct abi abi_mips64;
extern const struct abi abi_mipsel64;
extern const struct abi abi_mips64n32;
extern const struct abi abi_mipsel64n32;
extern const struct abi abi_riscv64;
extern const struct abi abi_ppc64le;
extern const struct abi abi_s390x;
extern const struct abi abi_loongarch64;

#endif
