/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped rule sets, which are part of the program. */
#include "policy-lang/library.h"

#include "policy-lang/parse.h"

#include <string.h>

const char *library_group_name(size_t index)
{
	return index < library_file_count ? library_files[index].group : NULL;
}

/* The statement that defines GROUP. */
static const struct stmt *library_definition(const struct policy_ast *ast, const char *group)
{
	for (size_t i = 0; i < ast->statements.items.count; i++) {
		const struct stmt *stmt = ast->statements.items.items[i];

		if (stmt->kind == STMT_GROUP && strcmp(stmt->group.name.text, group) == 0)
			return stmt;
	}
	return NULL;
}

static void library_parse(struct library *library, size_t index, struct arena *arena,
			  struct sources *sources, struct diags *diags)
{
	const struct library_file *shipped = &library_files[index];
	uint32_t file = sources_add(sources, arena_printf(arena, "<pale>/%s.pale", shipped->group),
				    shipped->text, (uint32_t)strlen(shipped->text));

	sources_get(sources, file)->shipped = true;
	library->parsed[index] = policy_parse(arena, sources, file, diags);
}

const struct stmt *library_find_group(struct library *library, struct arena *arena,
				      struct sources *sources, struct diags *diags,
				      const char *name)
{
	if (!library->parsed)
		library->parsed =
			arena_alloc_array(arena, library_file_count, sizeof(*library->parsed));
	for (size_t i = 0; i < library_file_count; i++) {
		if (strcmp(library_files[i].group, name) != 0)
			continue;
		if (!library->parsed[i])
			library_parse(library, i, arena, sources, diags);
		return library_definition(library->parsed[i], name);
	}
	return NULL;
}
