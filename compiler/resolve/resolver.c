/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/resolver.h"

#include "compiler/resolve/report.h"

bool resolver_work(struct resolver *resolver, size_t amount)
{
	if (resolver->exhausted)
		return false;
	if (amount <= RESOLVE_WORK_MAX - resolver->work) {
		resolver->work += (uint32_t)amount;
		return true;
	}
	resolver_error(resolver, DIAG_LIMIT, resolver->place,
		       "up to here the policy stands for more than %u conditions and values",
		       RESOLVE_WORK_MAX);
	resolver->exhausted = true;
	return false;
}
