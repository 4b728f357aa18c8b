/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/resolver.h"

#include "compiler/resolve/report.h"

bool resolver_work(struct resolver *resolver, size_t amount)
{
	if (resolver->exhausted)
		return false;
	if (amount <= RESOLVE_WORK_MAX - resolver->work &&
	    amount <= RESOLVE_TOTAL_MAX - resolver->total) {
		resolver->work += (uint32_t)amount;
		resolver->total += (uint32_t)amount;
		return true;
	}
	if (amount > RESOLVE_WORK_MAX - resolver->work)
		resolver_error(
			resolver, DIAG_LIMIT, resolver->place,
			"up to here the policy stands for more than %u conditions and values",
			RESOLVE_WORK_MAX);
	else
		resolver_error(resolver, DIAG_LIMIT, (struct span){0},
			       "the policy stands for more than %u conditions and values on all "
			       "its ABIs together",
			       RESOLVE_TOTAL_MAX);
	resolver->exhausted = true;
	return false;
}
