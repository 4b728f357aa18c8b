/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics of a policy that is walked once for each ABI: what has been said of a place is not
 * said again, and in a branch that is not taken only what holds for every ABI is said at all. The
 * ABIs join the text at the end, where they are not all of the policy's; so a text does not name
 * the ABI of its walk, and "on x86: " can stand before it.
 */
#ifndef PALE_RESOLVE_REPORT_H
#define PALE_RESOLVE_REPORT_H

#include "compiler/resolve/resolver.h"
#include "policy-lang/base/diag.h"

/* As diag_report(), but NULL where the diagnostic is left out. */
struct diag *resolver_report(struct resolver *resolver, enum diag_severity severity,
			     enum diag_code code, struct span span, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
#define resolver_error(resolver, code, span, ...)                                                  \
	resolver_report((resolver), DIAG_ERROR, (code), (span), __VA_ARGS__)
#define resolver_warning(resolver, code, span, ...)                                                \
	resolver_report((resolver), DIAG_WARNING, (code), (span), __VA_ARGS__)
#define resolver_remark(resolver, code, span, ...)                                                 \
	resolver_report((resolver), DIAG_REMARK, (code), (span), __VA_ARGS__)

/* Once all ABIs are walked: says of each diagnostic which ABIs it holds for. */
void resolver_finish_reports(struct resolver *resolver);

/* A note and a suggestion; DIAG may be NULL. */
void resolver_note(struct resolver *resolver, struct diag *diag, struct span span,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));
void resolver_suggest(struct resolver *resolver, struct diag *diag, const char *word);

#endif
