/* SPDX-License-Identifier: Apache-2.0 */
/* `expect`: the call and the condition that the compiler then proves. */
#ifndef PALE_RESOLVE_EXPECT_H
#define PALE_RESOLVE_EXPECT_H

#include "compiler/resolve/resolver.h"

void resolve_expect(struct resolver *resolver, const struct stmt *stmt);

#endif
