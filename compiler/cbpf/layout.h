/* SPDX-License-Identifier: Apache-2.0 */
/* From code without places to a filter. */
#ifndef PALE_CBPF_LAYOUT_H
#define PALE_CBPF_LAYOUT_H

#include "compiler/cbpf/code.h"
#include "compiler/cbpf/filter.h"

/*
 * Places the code of LIST. The result may be longer than the kernel takes; count is then the
 * length that it would have. Never NULL.
 */
struct filter *layout_filter(struct arena *arena, const struct code_list *list);

#endif
