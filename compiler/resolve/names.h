/* SPDX-License-Identifier: Apache-2.0 */
/* Names of calls, arguments and constants, and what is near to one that there is not. */
#ifndef PALE_RESOLVE_NAMES_H
#define PALE_RESOLVE_NAMES_H

#include "compiler/resolve/resolver.h"

/*
 * The call that NAME means, by the kernel's name or an alias. CALL_NONE where there is none:
 * that has been reported, as a remark where OPTIONAL.
 */
call_id name_resolve_call(struct resolver *resolver, const struct ast_name *name, bool optional);

/* Whether the call has an argument of that name on the ABI; arg0 to arg5 are not asked for. */
bool argument_exists(const struct resolver *resolver, call_id call, const char *name);
/* The N of argN, 0 to 5; else -1. */
int argument_register(const char *name);
/* Reports that the call has no argument NAME. */
void argument_report_unknown(struct resolver *resolver, call_id call, const struct expr *name);

/* Reports a name in an expression that neither the policy nor the catalogue has. */
void name_report_unknown(struct resolver *resolver, call_id call, const struct expr *name);

/*
 * Reports a name that the policy gives below the place where it is used, with a note there. False
 * where it gives it nowhere, or where so many errors are known that nobody will see this one.
 */
bool name_report_early(struct resolver *resolver, struct span use, const char *name, bool group);

/* Whether a suggestion is worth its work: DIAG is kept, and not one of thousands. */
struct diag;
bool name_wants_guess(const struct resolver *resolver, const struct diag *diag);

#endif
