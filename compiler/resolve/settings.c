/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/settings.h"

#include "compiler/resolve/report.h"
#include "compiler/resolve/sandbox_resolve.h"
#include "compiler/resolve/when.h"

/* The first statement of each kind; the kinds are few, so an array over all will do. */
struct settings {
	const struct stmt *given[STMT_PHASE + 1];
};

static bool is_setting(enum stmt_kind kind)
{
	return kind == STMT_POLICY || kind == STMT_BASELINE || kind == STMT_ARCH ||
	       kind == STMT_SANDBOX;
}

static void gather(struct resolver *resolver, const struct stmt_list *list,
		   struct settings *settings)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];
		const struct stmt **given = &settings->given[stmt->kind];
		struct diag *diag;

		if (stmt->kind == STMT_INCLUDE && stmt->included)
			gather(resolver, &stmt->included->statements, settings);
		if (!is_setting(stmt->kind))
			continue;
		if (!*given) {
			*given = stmt;
			continue;
		}
		diag = resolver_error(resolver, DIAG_DUPLICATE, stmt->span,
				      "this is said already, and can be said once");
		resolver_note(resolver, diag, (*given)->span, "here");
	}
}

/* The last minor release of each major one that is history: after it comes the next major. */
static bool kernel_existed(struct kernel_version version)
{
	static const uint16_t last[] = {[2] = 6, [3] = 19, [4] = 20, [5] = 19, [6] = 19};

	if (version.major < 2 || (version.major == 2 && version.minor < 6))
		return false;
	return version.major >= sizeof(last) / sizeof(*last) ||
	       version.minor <= last[version.major];
}

static void resolve_baseline(struct resolver *resolver, const struct stmt *stmt)
{
	struct kernel_version newest = call_newest_kernel();
	struct diag *diag;

	resolver->baseline = newest;
	if (!stmt)
		return;
	resolver->baseline.major = stmt->baseline.major;
	resolver->baseline.minor = stmt->baseline.minor;
	if (kernel_version_compare(resolver->baseline, newest) <= 0 &&
	    kernel_existed(resolver->baseline))
		return;
	diag = resolver_error(resolver, DIAG_BASELINE, stmt->span,
			      "this is no Linux release that the catalogue knows");
	resolver_note(resolver, diag, (struct span){0}, "it knows 2.6 to %u.%u", newest.major,
		      newest.minor);
	resolver->baseline = newest;
}

static abi_set resolve_arch(struct resolver *resolver, const struct stmt *stmt)
{
	abi_set abis = 0;

	for (size_t i = 0; i < stmt->names.count; i++) {
		const struct abi *abi = when_resolve_abi(resolver, &stmt->names.items[i]);

		if (!abi)
			continue;
		if (abis & ABI_BIT(abi->id))
			resolver_error(resolver, DIAG_DUPLICATE, stmt->names.items[i].span,
				       "%s is in this list already", abi->name);
		abis |= ABI_BIT(abi->id);
	}
	return abis;
}

/* What this program itself was compiled for; 0 where the catalogue lacks it. */
static abi_set host_abis(void)
{
#if defined(__x86_64__) && defined(__ILP32__)
	return ABI_BIT(ABI_X32);
#elif defined(__x86_64__)
	return ABI_BIT(ABI_X86_64);
#elif defined(__i386__)
	return ABI_BIT(ABI_X86);
#else
	return 0;
#endif
}

void settings_resolve(struct resolver *resolver)
{
	struct settings settings = {0};
	const struct stmt *stmt;

	gather(resolver, &resolver->ast->statements, &settings);
	stmt = settings.given[STMT_POLICY];
	if (stmt)
		resolver->rules->name = stmt->string.text;
	resolve_baseline(resolver, settings.given[STMT_BASELINE]);
	stmt = settings.given[STMT_ARCH];
	if (stmt)
		resolver->abis = resolve_arch(resolver, stmt);
	else if (resolver->options->abis_else)
		resolver->abis = resolver->options->abis_else;
	else
		resolver->abis = host_abis();
	if (resolver->options->abis)
		resolver->abis = resolver->options->abis;
	if (!resolver->abis && !stmt)
		resolver_error(resolver, DIAG_ABI_UNKNOWN, (struct span){0},
			       "the policy names no ABI, and the catalogue lacks this machine's");
	stmt = settings.given[STMT_SANDBOX];
	if (stmt)
		resolver->rules->sandbox = sandbox_resolve(resolver, stmt);
}
