/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a policy on some of its ABIs. Where the user asked for those ABIs it is an
 * error; where a policy is only held to what else there is (`pale check`), a warning that names them.
 */
#ifndef PALE_GRAPH_VERDICT_H
#define PALE_GRAPH_VERDICT_H

#include "policy-lang/base/diag.h"
#include "policy-lang/catalog/abi.h"

struct verdict {
	struct diags *diags;
	bool optional;     /* nobody asked for these ABIs, and each is judged by itself */
	abi_set all;       /* those that are judged */
	abi_set failed;    /* those on which something is wrong */
	unsigned int said; /* warnings about them; after DIAG_ERRORS_MAX no more are kept */
};

/* Reports that ABIS have a mistake. The result is for notes. */
struct diag *verdict_error(struct verdict *verdict, abi_set abis, enum diag_code code,
			   struct span span, const char *format, ...)
	__attribute__((returns_nonnull, format(printf, 5, 6)));

/*
 * What stands before a text that is said once a machine: "NAME: " for the machine of ABIS where others
 * are judged too, else nothing. Warnings name ABIs as it is.
 */
const char *verdict_machine(const struct verdict *verdict, abi_set abis);

#endif
