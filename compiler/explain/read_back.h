/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a condition says, read from its words by doc/language.md: the forms that compiler/explain/
 * writes, and so that what it writes can be held against what it meant.
 */
#ifndef PALE_EXPLAIN_READ_BACK_H
#define PALE_EXPLAIN_READ_BACK_H

#include "compiler/explain/subject.h"
#include "policy-lang/ast.h"

/* The calls that CONDITION holds for; false where it is none that can be read. */
bool read_back(struct arena *arena, struct diagrams *diagrams, const struct call_form *form,
	       const struct expr *condition, diagram *calls);

#endif
