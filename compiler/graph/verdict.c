/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/verdict.h"

#include "compiler/resolve/abi_list.h"

struct diag *verdict_error(struct verdict *verdict, abi_set abis, enum diag_code code,
			   struct span span, const char *format, ...)
{
	struct arena *arena = verdict->diags->arena;
	struct diag *diag;
	const char *text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	verdict->failed |= abis;
	if (!verdict->optional)
		return diag_error(verdict->diags, code, span, "%s", text);
	if (verdict->said++ < DIAG_ERRORS_MAX)
		return diag_warning(verdict->diags, code, span, "would not compile for %s: %s",
				    abi_list(arena, abis, verdict->all), text);
	/* Made and dropped, as diag_report() does above its limit. */
	diag = arena_alloc(arena, sizeof(*diag));
	diag->text = text;
	return diag;
}

const char *verdict_machine(const struct verdict *verdict, abi_set abis)
{
	const struct abi *first = abi_first(abis);

	if (verdict->optional || !first || !(verdict->all & ~abi_machine(first)))
		return "";
	return arena_printf(verdict->diags->arena, "%s: ", abi_machine_name(first));
}
