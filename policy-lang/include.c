/* SPDX-License-Identifier: Apache-2.0 */
/* Following includes. */
#include "policy-lang/parse.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A file that was read, and what counts against the limits when it is included once more. */
struct included_file {
	dev_t device;
	ino_t inode;
	struct policy_ast *ast;
	size_t statements;   /* with those of its own includes */
	unsigned int height; /* how many levels of includes hang on it */
};

/* The file that is being followed, and the includes that led there. */
struct include_chain {
	const struct include_chain *above;
	struct span span; /* of the include above that led here */
	dev_t device;
	ino_t inode;
	bool known; /* false for standard input */
	unsigned int depth;
};

struct include_loader {
	struct arena *arena;
	struct sources *sources;
	const struct include_path *path;
	struct diags *diags;
	VEC(struct included_file) files;
	size_t statements;
	bool full; /* STATEMENTS_MAX was passed and reported */
};

/* NAME in the folder of file FROM, or NAME itself where it is absolute. */
static const char *include_beside(struct arena *arena, const char *from, const char *name)
{
	const char *slash = strrchr(from, '/');

	if (name[0] == '/')
		return name;
	/* "-" alone would be standard input. */
	if (!slash)
		return strcmp(name, "-") == 0 ? "./-" : name;
	return arena_printf(arena, "%.*s/%s", (int)(slash - from), from, name);
}

/*
 * Where the file NAME is: beside FROM, else in the first folder that has it. Returns 0 with its
 * path and status, or negative errno.
 */
static int include_find(const struct include_loader *loader, const char *from, const char *name,
			const char **path, struct stat *status)
{
	*path = include_beside(loader->arena, from, name);
	if (stat(*path, status) == 0)
		return 0;
	for (size_t i = 0; errno == ENOENT && name[0] != '/' && i < loader->path->count; i++) {
		*path = arena_printf(loader->arena, "%s/%s", loader->path->folders[i], name);
		if (stat(*path, status) == 0)
			return 0;
	}
	return -errno;
}

static struct included_file *include_known(struct include_loader *loader, const struct stat *status)
{
	for (size_t i = 0; i < loader->files.count; i++) {
		struct included_file *file = &loader->files.items[i];

		if (file->device == status->st_dev && file->inode == status->st_ino)
			return file;
	}
	return NULL;
}

/* Whether the file is being followed already; the chain is shown where it is. */
static bool include_is_cycle(struct include_loader *loader, const struct include_chain *chain,
			     const struct stmt *stmt, const struct stat *status)
{
	const struct include_chain *link = chain;
	struct diag *diag;

	while (link &&
	       !(link->known && link->device == status->st_dev && link->inode == status->st_ino))
		link = link->above;
	if (!link)
		return false;
	diag = diag_error(loader->diags, DIAG_INCLUDE, stmt->string.span, "'%s' includes itself",
			  stmt->string.text);
	for (; chain != link; chain = chain->above)
		diag_note(loader->diags, diag, chain->span, "by way of this include");
	return true;
}

static void include_list(struct include_loader *loader, const struct include_chain *chain,
			 struct stmt_list *list, unsigned int *height);

/* Says of what went wrong in the file that was just parsed how it came to be read. */
static void note_includer(struct include_loader *loader, size_t first, uint32_t file,
			  const struct stmt *stmt)
{
	for (size_t i = first; i < loader->diags->list.count; i++)
		if (loader->diags->list.items[i]->span.file == file)
			diag_note(loader->diags, loader->diags->list.items[i], stmt->string.span,
				  "the file is included here");
}

/* Reads the file at PATH into a new entry. NULL where it cannot be read, which is reported. */
static struct included_file *include_read(struct include_loader *loader,
					  const struct include_chain *chain,
					  const struct stmt *stmt, const char *path,
					  const struct stat *status)
{
	struct include_chain link = {chain, stmt->string.span, status->st_dev, status->st_ino,
				     true,  chain->depth + 1};
	size_t first = loader->diags->list.count;
	struct included_file file = {.device = status->st_dev, .inode = status->st_ino};
	size_t before = loader->statements;
	struct included_file *kept;
	uint32_t number;
	int error = S_ISREG(status->st_mode)   ? sources_read(loader->sources, path, &number)
		    : S_ISDIR(status->st_mode) ? -EISDIR
					       : -ENOTSUP;

	if (error == -EFBIG) {
		diag_error(loader->diags, DIAG_LIMIT, stmt->string.span,
			   "'%s' is larger than %u bytes", path, SOURCE_SIZE_MAX);
		return NULL;
	}
	if (error) {
		diag_error(loader->diags, DIAG_INCLUDE, stmt->string.span, "cannot read '%s': %s",
			   path, error == -ENOTSUP ? "it is no regular file" : strerror(-error));
		return NULL;
	}
	file.ast = policy_parse(loader->arena, loader->sources, number, loader->diags);
	note_includer(loader, first, number, stmt);
	include_list(loader, &link, &file.ast->statements, &file.height);
	file.statements = loader->statements - before;
	loader->statements = before;
	kept = VEC_PUSH(loader->arena, &loader->files);
	*kept = file;
	return kept;
}

/* Counts what including FILE here adds. False where that passes a limit, which is reported. */
static bool include_count(struct include_loader *loader, const struct include_chain *chain,
			  const struct stmt *stmt, const struct included_file *file)
{
	if (chain->depth + 1 + file->height > INCLUDE_DEPTH_MAX) {
		diag_error(loader->diags, DIAG_LIMIT, stmt->string.span,
			   "includes nest deeper than %d", INCLUDE_DEPTH_MAX);
		return false;
	}
	loader->statements += file->statements;
	if (loader->statements <= STATEMENTS_MAX)
		return true;
	if (!loader->full)
		diag_error(loader->diags, DIAG_LIMIT, stmt->string.span,
			   "the policy has more than %d statements with this file", STATEMENTS_MAX);
	loader->full = true;
	return false;
}

static void include_follow(struct include_loader *loader, const struct include_chain *chain,
			   struct stmt *stmt, unsigned int *height)
{
	const struct source *source = sources_get(loader->sources, stmt->string.span.file);
	struct included_file *file;
	const char *path;
	struct stat status;
	int error;

	if (loader->full)
		return;
	if (chain->depth == INCLUDE_DEPTH_MAX) {
		diag_error(loader->diags, DIAG_LIMIT, stmt->string.span,
			   "includes nest deeper than %d", INCLUDE_DEPTH_MAX);
		return;
	}
	error = include_find(loader, source ? source->name : "", stmt->string.text, &path, &status);
	if (error) {
		diag_error(loader->diags, DIAG_INCLUDE, stmt->string.span, "cannot read '%s': %s",
			   stmt->string.text, strerror(-error));
		return;
	}
	if (include_is_cycle(loader, chain, stmt, &status))
		return;
	file = include_known(loader, &status);
	if (!file)
		file = include_read(loader, chain, stmt, path, &status);
	if (!file || !include_count(loader, chain, stmt, file))
		return;
	stmt->included = file->ast;
	if (*height < file->height + 1)
		*height = file->height + 1;
}

/* *HEIGHT grows to the levels of includes below LIST. */
static void include_list(struct include_loader *loader, const struct include_chain *chain,
			 struct stmt_list *list, unsigned int *height)
{
	loader->statements += list->items.count;
	for (size_t i = 0; i < list->items.count; i++) {
		struct stmt *stmt = list->items.items[i];

		switch (stmt->kind) {
		case STMT_INCLUDE:
			include_follow(loader, chain, stmt, height);
			break;
		case STMT_WHEN:
			include_list(loader, chain, &stmt->when.then, height);
			include_list(loader, chain, &stmt->when.otherwise, height);
			break;
		case STMT_GROUP:
		case STMT_PHASE:
			include_list(loader, chain, &stmt->group.body, height);
			break;
		default:
			break;
		}
	}
}

void policy_load_includes(struct arena *arena, struct sources *sources, struct policy_ast *ast,
			  const struct include_path *path, struct diags *diags)
{
	struct include_loader loader = {
		.arena = arena, .sources = sources, .path = path, .diags = diags};
	const struct source *source = sources_get(sources, ast->file);
	struct include_chain chain = {0};
	unsigned int height = 0;
	struct stat status;

	if (source && stat(source->name, &status) == 0) {
		chain.device = status.st_dev;
		chain.inode = status.st_ino;
		chain.known = true;
	}
	include_list(&loader, &chain, &ast->statements, &height);
}
