/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/settings.h"

#include "compiler/resolve/report.h"
#include "compiler/resolve/sandbox_resolve.h"
#include "compiler/resolve/when.h"

#include <string.h>

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
		const struct ast_name *name = &stmt->names.items[i];
		bool all = strcmp(name->text, "all") == 0;
		const struct abi *abi = all ? NULL : when_resolve_abi(resolver, name);
		abi_set added = all ? ABI_ALL : abi ? ABI_BIT(abi->id) : 0;

		if (abis & added)
			resolver_error(resolver, DIAG_DUPLICATE, name->span,
				       all ? "`all` holds what is in this list already"
					   : "%s is in this list already",
				       abi ? abi->name : "");
		abis |= added;
	}
	return abis;
}

/* The ABIs that the policy is for: what the caller says, else what it says itself, else the host's. */
static void resolve_abis(struct resolver *resolver, const struct stmt *arch)
{
	const struct abi *host = abi_host();

	resolver->abis = arch ? resolve_arch(resolver, arch) : host ? ABI_BIT(host->id) : 0;
	if (resolver->options->abis)
		resolver->abis = resolver->options->abis;
	else if (!arch && resolver->options->survey && !host)
		resolver->abis = ABI_ALL;
	resolver->rules->asked = resolver->abis;
	if (!resolver->abis && !arch)
		resolver_error(resolver, DIAG_ABI_UNKNOWN, (struct span){0},
			       "the policy names no ABI, and the catalogue lacks this machine's");
	if (!resolver->options->abis && !arch && resolver->options->survey)
		resolver->abis = ABI_ALL;
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
	resolve_abis(resolver, settings.given[STMT_ARCH]);
	stmt = settings.given[STMT_SANDBOX];
	/* A program that runs already has no more of a sandbox to get. */
	if (stmt && !resolver->options->phase)
		resolver->rules->sandbox = sandbox_resolve(resolver, stmt);
}
