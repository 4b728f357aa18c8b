/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report's tables, which nobody compiles: every entry is one that the language can read on every
 * ABI, and every call of the catalogue is in a group. And text as HTML.
 */
#include "compiler/explain/budget.h"
#include "profiler/report/entry.h"
#include "profiler/report/html.h"
#include "profiler/report/known.h"

#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct diagrams diagrams;
	struct report_policy policy;
	struct report_input input;
};

/* A policy that lets everything pass on every machine. */
static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture || arena_init(&fixture->arena) < 0)
		return -1;
	diagrams_init(&fixture->diagrams, &fixture->arena);
	budget_set(&fixture->diagrams);
	fixture->policy.diagrams = &fixture->diagrams;
	*VEC_PUSH(&fixture->arena, &fixture->policy.machines) = (struct report_machine){
		ABI_ALL, diagram_leaf(&fixture->diagrams, SECCOMP_RET_ALLOW)};
	fixture->input =
		(struct report_input){.arena = &fixture->arena, .policy = &fixture->policy};
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void reads_everywhere(struct fixture *fixture, const struct known_entry *known)
{
	for (unsigned int id = 0; known->entry && id < ABI_COUNT; id++) {
		struct entry entry = entry_read(&fixture->input, known->entry, ABI_BIT(id));

		if (entry.problem)
			fail_msg("%s on %s: %s", known->name, abi_get((enum abi_id)id)->name,
				 entry.problem);
		if (entry.ways.count)
			assert_int_equal(entry_standing(&fixture->input, &entry, NULL),
					 STANDING_ALLOWED);
	}
	if (known->entry)
		assert_true(entry_read(&fixture->input, known->entry, ABI_ALL).ways.count > 0);
}

/* A commit's first 12 digits, or a notice; and no weakness stands there twice. */
static void check_reference(const struct known_entry *known)
{
	const char *reference = known->reference;

	assert_non_null(reference);
	if (strncmp(reference, "USN-", 4) != 0 &&
	    (strlen(reference) != 12 || strspn(reference, "0123456789abcdef") != 12))
		fail_msg("%s: the reference %s", known->name, reference);
	for (const struct known_entry *other = known_weaknesses; other < known; other++)
		assert_string_not_equal(other->name, known->name);
}

static void test_entries(void **state)
{
	for (size_t i = 0; i < known_danger_count; i++)
		reads_everywhere(*state, &known_dangers[i]);
	for (size_t i = 0; i < known_weakness_count; i++) {
		reads_everywhere(*state, &known_weaknesses[i]);
		assert_non_null(known_weaknesses[i].where);
		assert_int_equal(strncmp(known_weaknesses[i].name, "CVE-", 4), 0);
		check_reference(&known_weaknesses[i]);
	}
}

static bool has_way(const struct entry *entry, const char *call)
{
	for (size_t i = 0; i < entry->ways.count; i++)
		if (entry->ways.items[i].call == call_find(call))
			return true;
	return false;
}

/* socketcall makes sockets too, with arguments that nobody sees, and only where it is asked to. */
static void test_multiplexers(void **state)
{
	struct fixture *fixture = *state;
	const struct abi *x86 = abi_get(ABI_X86);
	struct entry entry = entry_read(&fixture->input, "socket where domain == AF_PACKET;",
					ABI_BIT(ABI_X86) | ABI_BIT(ABI_X86_64));
	struct field choice = field_of_word(abi_word_low(x86, 0) / 4, 32);

	assert_int_equal(entry.ways.count, 3);
	assert_true(has_way(&entry, "socketcall"));
	for (size_t i = 0; i < entry.ways.count; i++) {
		const struct entry_way *way = &entry.ways.items[i];

		if (way->call != call_find("socketcall"))
			continue;
		assert_int_equal(way->abi->id, ABI_X86);
		/* SYS_SOCKET is 1, SYS_BIND 2 (linux/net.h). */
		assert_int_not_equal(diagram_and(&fixture->diagrams, way->condition,
						 diagram_range(&fixture->diagrams, &choice, 1, 1)),
				     DIAGRAM_NONE);
		assert_int_equal(diagram_and(&fixture->diagrams, way->condition,
					     diagram_range(&fixture->diagrams, &choice, 2, 2)),
				 DIAGRAM_NONE);
	}
}

static void test_bad_entry(void **state)
{
	struct fixture *fixture = *state;
	struct entry entry = entry_read(&fixture->input, "no_such_call;", ABI_BIT(ABI_X86_64));

	assert_non_null(entry.problem);
	/* What could not be asked is not closed. */
	assert_int_equal(entry_standing(&fixture->input, &entry, NULL), STANDING_ALLOWED);
	entry = entry_read(&fixture->input, "read where {;", ABI_BIT(ABI_X86_64));
	assert_non_null(entry.problem);
}

static void test_groups(void **state)
{
	(void)state;
	for (call_id call = 0; call < call_count(); call++)
		if (call_group_of(call) == CALL_GROUP_COUNT)
			fail_msg("%s is in no group", call_get(call)->name);
	for (unsigned int group = 0; group < CALL_GROUP_COUNT; group++)
		assert_non_null(call_group_text((enum call_group)group));
}

static const struct {
	const char *text;
	size_t length;
	const char *html;
} texts[] = {
	{"plain", 99, "plain"},
	{"", 99, ""},
	{"<script>alert(\"1\")</script>", 99, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"},
	{"a & b's", 99, "a &amp; b&#39;s"},
	{"&&", 99, "&amp;&amp;"},
	{"abcdef", 3, "abc..."},
	{"abc", 3, "abc"},
	{"<<<<", 2, "&lt;&lt;..."},
	{"a\xc3\xa4z", 2, "a..."}, /* no half of a letter */
	{"a\xf0\x9f\x98\x80", 4, "a..."},
	{"a\xf0\x9f\x98\x80", 5, "a\xf0\x9f\x98\x80"},
};

static void test_html(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct text out = {0};

		html_text_cut(&out, texts[i].text, texts[i].length);
		assert_string_equal(out.bytes ? out.bytes : "", texts[i].html);
		text_release(&out);
	}
}

static void test_counts(void **state)
{
	static const struct {
		uint64_t count;
		const char *text;
	} counts[] = {{0, "0"},
		      {999, "999"},
		      {1000, "1,000"},
		      {1234567, "1,234,567"},
		      {UINT64_MAX, "18,446,744,073,709,551,615"}};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct text out = {0};

		html_count(&out, counts[i].count);
		assert_string_equal(out.bytes, counts[i].text);
		text_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_entries, setup, teardown),
		cmocka_unit_test_setup_teardown(test_multiplexers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_entry, setup, teardown),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
