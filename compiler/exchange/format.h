/* SPDX-License-Identifier: Apache-2.0 */
/* The writers of the formats; for compiler/exchange/ alone. */
#ifndef PALE_EXCHANGE_FORMAT_H
#define PALE_EXCHANGE_FORMAT_H

#include "compiler/exchange/plan.h"
#include "policy-lang/base/text.h"

/* A plan without errors as the linux.seccomp object, which docker's profile is too. */
void plan_print_oci(const struct export_plan *plan, struct text *out);
/* The same as an LXC profile of version 2. */
void plan_print_lxc(const struct export_plan *plan, struct text *out);

#endif
