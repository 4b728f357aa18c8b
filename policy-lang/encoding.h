/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes a policy may be made of. For this folder alone. */
#ifndef PALE_POLICY_LANG_ENCODING_H
#define PALE_POLICY_LANG_ENCODING_H

#include "policy-lang/base/diag.h"

/* Whether SOURCE is plain letters and ends of lines; reports the first place where it is not. */
bool source_check_encoding(const struct source *source, uint32_t file, struct diags *diags);

#endif
