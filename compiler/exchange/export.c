/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/export.h"

#include "compiler/exchange/format.h"

void policy_export(struct arena *arena, const struct policy_rules *rules,
		   const struct export_options *options, struct diags *diags, struct text *out)
{
	unsigned int errors = diags->errors;
	struct export_plan plan;

	plan_make(arena, rules, options, diags, &plan);
	if (diags->errors != errors)
		return;
	if (options->format == EXPORT_LXC)
		plan_print_lxc(&plan, out);
	else
		plan_print_oci(&plan, out);
}
