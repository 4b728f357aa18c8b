/* SPDX-License-Identifier: Apache-2.0 */
/* Includes: where they are looked for, and everything that can go wrong on the way. */
#include "policy-lang/parse.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char folder[32];
	struct arena arena;
	struct sources sources;
	struct diags diags;
	const char *folders[2]; /* -I */
};

static int fixture_begin(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	strcpy(fixture->folder, "/tmp/pale-include-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
	*state = fixture;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static int fixture_end(void **state)
{
	struct fixture *fixture = *state;
	int error = nftw(fixture->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);

	arena_release(&fixture->arena);
	free(fixture);
	return error;
}

static const char *path_of(struct fixture *fixture, const char *name)
{
	return arena_printf(&fixture->arena, "%s/%s", fixture->folder, name);
}

static void write_file(struct fixture *fixture, const char *name, const char *text)
{
	FILE *file = fopen(path_of(fixture, name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct policy_ast *load(struct fixture *fixture, const char *name, size_t folder_count)
{
	struct include_path path = {fixture->folders, folder_count};
	struct policy_ast *ast;
	uint32_t file;

	assert_int_equal(sources_read(&fixture->sources, path_of(fixture, name), &file), 0);
	ast = policy_parse(&fixture->arena, &fixture->sources, file, &fixture->diags);
	policy_load_includes(&fixture->arena, &fixture->sources, ast, &path, &fixture->diags);
	return ast;
}

static const struct policy_ast *included(const struct policy_ast *ast, size_t index)
{
	assert_true(index < ast->statements.items.count);
	return ast->statements.items.items[index]->included;
}

static void assert_error(const struct fixture *fixture, enum diag_code code, const char *words)
{
	assert_int_equal(fixture->diags.errors, 1);
	assert_int_equal(fixture->diags.list.items[0]->code, code);
	if (!strstr(fixture->diags.list.items[0]->text, words))
		print_error("'%s' lacks '%s'\n", fixture->diags.list.items[0]->text, words);
	assert_non_null(strstr(fixture->diags.list.items[0]->text, words));
}

static void test_found(void **state)
{
	struct fixture *fixture = *state;
	const struct policy_ast *ast;

	mkdir(path_of(fixture, "near"), 0700);
	mkdir(path_of(fixture, "far"), 0700);
	mkdir(path_of(fixture, "far/deep"), 0700);
	fixture->folders[0] = path_of(fixture, "nothing");
	fixture->folders[1] = path_of(fixture, "far");
	write_file(fixture, "main.pale",
		   "include \"near/a.pale\"; when x { include \"c.pale\"; } else { include \"-\"; }"
		   "phase p { include \"near/a.pale\"; }");
	write_file(fixture, "near/a.pale", "include \"b.pale\"; include \"c.pale\";");
	write_file(fixture, "near/b.pale", "allow near;");
	write_file(fixture, "far/b.pale", "allow far;");
	write_file(fixture, "far/c.pale", "include \"deep/d.pale\";");
	write_file(fixture, "far/deep/d.pale", "allow d;");
	write_file(fixture, "far/-", "allow dash;");
	ast = load(fixture, "main.pale", 2);
	assert_int_equal(fixture->diags.errors, 0);
	/* Beside the including file comes first, then the folders in their order. */
	assert_string_equal(included(included(ast, 0), 0)
				    ->statements.items.items[0]
				    ->rule.items.items[0]
				    .name.text,
			    "near");
	assert_non_null(included(included(included(ast, 0), 1), 0));
	assert_non_null(included(
		&(struct policy_ast){.statements = ast->statements.items.items[1]->when.otherwise},
		0));
	/* Twice the same file is one tree, read once. */
	assert_ptr_equal(ast->statements.items.items[2]->group.body.items.items[0]->included,
			 included(ast, 0));
	assert_int_equal(fixture->sources.list.count, 6);
}

static void test_missing(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "main.pale", "include \"nowhere.pale\"; allow a;");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_INCLUDE, "No such file");
}

static void test_folder(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "main.pale", "include \".\";");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_INCLUDE, "directory");
}

/* Nobody writes into it, so opening it would wait for ever. */
static void test_pipe(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkfifo(path_of(fixture, "pipe"), 0600), 0);
	write_file(fixture, "main.pale", "include \"pipe\"; include \"/dev/zero\";");
	load(fixture, "main.pale", 0);
	assert_int_equal(fixture->diags.errors, 2);
	assert_non_null(strstr(fixture->diags.list.items[0]->text, "no regular file"));
	assert_non_null(strstr(fixture->diags.list.items[1]->text, "no regular file"));
}

static void test_large(void **state)
{
	struct fixture *fixture = *state;
	int fd = open(path_of(fixture, "large.pale"), O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 64 << 20), 0);
	close(fd);
	write_file(fixture, "main.pale", "include \"large.pale\";");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_LIMIT, "larger than");
}

static void test_cycle(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "main.pale", "include \"a.pale\";");
	write_file(fixture, "a.pale", "include \"link.pale\";");
	/* Another name of the first file does not hide the cycle. */
	assert_int_equal(symlink("main.pale", path_of(fixture, "link.pale")), 0);
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_INCLUDE, "includes itself");
	assert_int_equal(fixture->diags.list.items[0]->notes.count, 1);
}

static void test_self(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "main.pale", "include \"main.pale\";");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_INCLUDE, "includes itself");
}

/* A chain of COUNT files below the first. */
static void write_chain(struct fixture *fixture, int count)
{
	write_file(fixture, "main.pale", "include \"1.pale\";");
	for (int i = 1; i <= count; i++)
		write_file(fixture, arena_printf(&fixture->arena, "%d.pale", i),
			   i < count ? arena_printf(&fixture->arena, "include \"%d.pale\";", i + 1)
				     : "allow a;");
}

static void test_deepest(void **state)
{
	struct fixture *fixture = *state;

	write_chain(fixture, INCLUDE_DEPTH_MAX);
	load(fixture, "main.pale", 0);
	assert_int_equal(fixture->diags.errors, 0);
}

static void test_too_deep(void **state)
{
	struct fixture *fixture = *state;

	write_chain(fixture, INCLUDE_DEPTH_MAX + 1);
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_LIMIT, "nest deeper");
}

/* A file that was read before counts with what hangs on it where it is included again. */
static void test_too_deep_again(void **state)
{
	struct fixture *fixture = *state;

	write_chain(fixture, INCLUDE_DEPTH_MAX);
	write_file(fixture, "main.pale", "include \"1.pale\"; include \"0.pale\";");
	write_file(fixture, "0.pale", "include \"1.pale\";");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_LIMIT, "nest deeper");
}

/* Sixteen levels, each including the next one ten times: ten quadrillion statements. */
static void test_pyramid(void **state)
{
	struct fixture *fixture = *state;

	for (int level = 0; level < INCLUDE_DEPTH_MAX; level++) {
		struct text text = {0};

		for (int i = 0; i < 10; i++)
			text_printf(&text, "include \"%d.pale\";\n", level + 1);
		write_file(fixture, arena_printf(&fixture->arena, "%d.pale", level), text.bytes);
		text_release(&text);
	}
	write_file(fixture, arena_printf(&fixture->arena, "%d.pale", INCLUDE_DEPTH_MAX), "log a;");
	load(fixture, "0.pale", 0);
	assert_error(fixture, DIAG_LIMIT, "statements");
	assert_int_equal(fixture->sources.list.count, INCLUDE_DEPTH_MAX + 1);
}

static void test_broken(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "main.pale", "include \"a.pale\"; include \"a.pale\";");
	write_file(fixture, "a.pale", "allow a b;");
	load(fixture, "main.pale", 0);
	assert_error(fixture, DIAG_SYNTAX, "found 'b'");
	assert_int_equal(fixture->diags.list.items[0]->notes.count, 1);
	assert_int_equal(fixture->diags.list.items[0]->notes.items[0].span.file, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(test_found),   TEST(test_missing), TEST(test_folder),
		TEST(test_pipe),    TEST(test_large),   TEST(test_cycle),
		TEST(test_self),    TEST(test_deepest), TEST(test_too_deep),
		TEST(test_pyramid), TEST(test_broken),  TEST(test_too_deep_again),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
