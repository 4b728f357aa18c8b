/* SPDX-License-Identifier: Apache-2.0 */
/* A filter as text, with the lines of the policy that it comes from. */
#include "compiler/compile.h"
#include "compiler/place.h"

void filter_print(const struct filter *filter, abi_set abis, const struct sources *sources,
		  struct text *out)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		struct text line = {0};

		filter_print_instruction(filter, i, &line);
		text_printf(out, "%4u: %s", i, line.failed ? "?" : line.bytes);
		if (BPF_CLASS(filter->instructions[i].code) == BPF_RET &&
		    BPF_RVAL(filter->instructions[i].code) == BPF_K) {
			text_add_string(out, " ; ");
			seccomp_action_print_for(filter->instructions[i].k, abis, out);
		}
		if (filter->spans && filter->spans[i].file) {
			text_printf(out, "%*s", line.length < 28 ? (int)(28 - line.length) : 1, "");
			text_add_string(out, "; ");
			place_show(sources, filter->spans[i], out);
		}
		text_add_char(out, '\n');
		text_release(&line);
	}
}
