/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped rule sets: complete, in style, documented, and good on every ABI. */
#include "compiler/resolve/resolve.h"
#include "policy-lang/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	struct library library;
};

static void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){0};
	assert_int_equal(arena_init(&fixture->arena), 0);
	fixture->sources.arena = &fixture->arena;
	fixture->diags.arena = &fixture->arena;
	fixture->diags.sources = &fixture->sources;
}

static const struct stmt *find(struct fixture *fixture, const char *name)
{
	return library_find_group(&fixture->library, &fixture->arena, &fixture->sources,
				  &fixture->diags, name);
}

static void test_names(void **state)
{
	static const char *const promised[] = {
		"basic-io",       "clock",          "debug",    "file-read", "io-uring",
		"kernel-module",  "libc-startup",   "memory",   "mount",     "namespace",
		"network-client", "network-server", "obsolete", "process",   "raw-io",
		"reboot",         "signal",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++)
		assert_string_equal(library_group_name(i), promised[i]);
	assert_null(library_group_name(sizeof(promised) / sizeof(promised[0])));
}

static void test_find(void **state)
{
	struct fixture fixture;
	const struct stmt *group;

	(void)state;
	fixture_init(&fixture);
	assert_null(find(&fixture, "no-such-set"));
	assert_int_equal(fixture.sources.list.count, 0);
	group = find(&fixture, "clock");
	assert_non_null(group);
	assert_string_equal(group->group.name.text, "clock");
	assert_true(sources_get(&fixture.sources, group->span.file)->shipped);
	/* Read when first asked for, and then kept. */
	assert_ptr_equal(find(&fixture, "clock"), group);
	assert_int_equal(fixture.sources.list.count, 1);
	arena_release(&fixture.arena);
}

/* Each file is one group under a comment that says what it is for, in the style of pale fmt. */
static void test_style(void **state)
{
	const char *name;

	(void)state;
	for (size_t i = 0; (name = library_group_name(i)); i++) {
		struct fixture fixture;
		const struct stmt *group;
		struct text text = {0};

		fixture_init(&fixture);
		group = find(&fixture, name);
		assert_int_equal(fixture.diags.errors, 0);
		assert_non_null(group);
		assert_true(group->comments.count >= 1);
		assert_int_equal(fixture.library.parsed[i]->statements.items.count, 1);
		ast_print(fixture.library.parsed[i], &text);
		assert_string_equal(text.bytes, sources_get(&fixture.sources, 1)->text);
		text_release(&text);
		arena_release(&fixture.arena);
	}
}

static void resolve_with(const char *head, const char *name)
{
	struct resolve_options options = {.abis = ((abi_set)1 << ABI_COUNT) - 1};
	struct fixture fixture;
	const struct policy_rules *rules;
	struct policy_ast *ast;
	char text[256];
	uint32_t file;

	fixture_init(&fixture);
	snprintf(text, sizeof(text), "%s @%s;", head, name);
	file = sources_add(&fixture.sources, "test.pale", text, (uint32_t)strlen(text));
	ast = policy_parse(&fixture.arena, &fixture.sources, file, &fixture.diags);
	rules = policy_resolve(&fixture.arena, &fixture.sources, &fixture.library, ast, &options,
			       &fixture.diags);
	for (size_t i = 0; i < fixture.diags.list.count; i++) {
		struct text message = {0};

		diag_render(&fixture.diags, fixture.diags.list.items[i], &message);
		if (fixture.diags.list.items[i]->severity == DIAG_ERROR)
			print_error("%s", message.bytes);
		text_release(&message);
	}
	assert_int_equal(fixture.diags.errors, 0);
	assert_int_equal(rules->rulesets.count, ABI_COUNT);
	/* Some machines lack all calls of some groups (iopl and ioperm are x86's). */
	assert_int_equal(rules->rulesets.items[0].abi->id, ABI_X86_64);
	assert_true(rules->rulesets.items[0].rules.count > 0);
	arena_release(&fixture.arena);
}

static void test_resolve(void **state)
{
	static const char *const heads[] = {
		"default kill process; unknown deny ENOSYS; foreign kill process; allow",
		"default allow; unknown deny ENOSYS; foreign kill process; deny EPERM",
	};
	const char *name;

	(void)state;
	for (size_t i = 0; (name = library_group_name(i)); i++)
		for (size_t j = 0; j < 2; j++)
			resolve_with(heads[j], name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_style),
		cmocka_unit_test(test_resolve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
