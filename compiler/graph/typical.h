/* SPDX-License-Identifier: Apache-2.0 */
/* How often programs make each call, where nobody has counted those of the policy's own. */
#ifndef PALE_GRAPH_TYPICAL_H
#define PALE_GRAPH_TYPICAL_H

#include "policy-lang/catalog/call.h"

/* What all calls have that the table does not name. */
#define TYPICAL_SHARE_RARE 0.05

/* Of 1000 calls that programs make, how many are CALL. */
double typical_share(call_id call);

#endif
