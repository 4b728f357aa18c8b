/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules as libseccomp has them: a call's conditions are disjoint masked equalities, since its other
 * comparisons are of 64 bits, and rules of one call that meet depend on how it prunes its trees.
 */
#include "compiler/backend/writer.h"

#include "policy-lang/catalog/call.h"

#include <stdlib.h>
#include <string.h>

static int rule_compare(const void *left, const void *right)
{
	const struct call_rule *a = left;
	const struct call_rule *b = right;
	bool plain_a = cube_is_everything(&a->part.cube);
	bool plain_b = cube_is_everything(&b->part.cube);

	if (plain_a != plain_b)
		return plain_a ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	for (unsigned int i = 0; i < CUBE_WORDS; i++) {
		if (a->part.cube.mask[i] != b->part.cube.mask[i])
			return a->part.cube.mask[i] < b->part.cube.mask[i] ? -1 : 1;
		if (a->part.cube.value[i] != b->part.cube.value[i])
			return a->part.cube.value[i] < b->part.cube.value[i] ? -1 : 1;
	}
	return 0;
}

static void rules_push(struct writer *writer, call_rule_list *list, uint32_t number,
		       const struct part *part)
{
	struct call_rule *rule = VEC_PUSH(writer->arena, list);

	rule->number = number;
	rule->part = *part;
}

static unsigned int rule_tests(const struct abi *abi, const struct cube *cube,
			       struct scmp_arg_cmp tests[6])
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < 6; i++) {
		unsigned int low = cube_word(abi_word_low(abi, i));
		unsigned int high = cube_word(abi_word_high(abi, i));
		uint64_t mask = (uint64_t)cube->mask[high] << 32 | cube->mask[low];
		uint64_t value = (uint64_t)cube->value[high] << 32 | cube->value[low];

		if (mask)
			tests[count++] = (struct scmp_arg_cmp){i, SCMP_CMP_MASKED_EQ, mask, value};
	}
	return count;
}

/* The arguments that CUBE tests, a bit each. */
static unsigned int cube_arguments(const struct abi *abi, const struct cube *cube)
{
	unsigned int set = 0;

	for (unsigned int i = 0; i < 6; i++)
		if (cube->mask[cube_word(abi_word_low(abi, i))] ||
		    cube->mask[cube_word(abi_word_high(abi, i))])
			set |= 1u << i;
	return set;
}

/*
 * Whether each part that tests an argument tests those before it too that any part does, as what a
 * single condition leaves has it: libseccomp's trees test arguments in their order, and fork little.
 */
static bool parts_nest(const struct abi *abi, const part_list *parts)
{
	unsigned int all = 0;

	for (size_t i = 0; i < parts->count; i++)
		all |= cube_arguments(abi, &parts->items[i].cube);
	for (size_t i = 0; i < parts->count; i++) {
		unsigned int set = cube_arguments(abi, &parts->items[i].cube);
		unsigned int before = all & ~set;

		if (before && (before & -before) < set)
			return false;
	}
	return true;
}

/*
 * How many rules libseccomp can be given of one call. It looks for those that others make superfluous
 * by trying all ways down its trees, which have a level for each word of an argument that is tested:
 * with two of them, 450 rules took it minutes, with three, 33 took it one, and with four, 30 did.
 * With three that nest, 128 took a second at most.
 */
static size_t parts_limit(const struct abi *abi, const part_list *parts)
{
	static const size_t limits[] = {LIBSECCOMP_CALL_RULES_MAX, LIBSECCOMP_CALL_RULES_MAX, 128,
					24, 16};
	static const size_t nested_limit = 128;
	const unsigned int deepest = sizeof(limits) / sizeof(limits[0]) - 1;
	unsigned int most = 0;

	for (size_t i = 0; i < parts->count; i++) {
		unsigned int levels = 0;

		for (unsigned int word = 0; word < CUBE_WORDS; word++)
			levels += parts->items[i].cube.mask[word] != 0;
		most = levels > most ? levels : most;
	}
	if (most == 3 && parts_nest(abi, parts))
		return nested_limit;
	return limits[most < deepest ? most : deepest];
}

static void report_limit(struct writer *writer, const struct ruleset *rules, uint32_t number,
			 const part_list *parts, size_t limit)
{
	bool few = limit < LIBSECCOMP_CALL_RULES_MAX;
	bool rest = number <= rules->highest && rules->unmatched != writer->fallback;

	diag_error(writer->diags, DIAG_LIMIT,
		   parts->count ? parts->items[0].span : (struct span){0},
		   "the conditions on %s need more than %zu rules of libseccomp%s%s",
		   writer_call(writer, rules->abi, number), limit,
		   few ? ", and more that test so many words it takes too long over" : "",
		   rest ? "; fewer do where `unknown` is as `default` is" : "");
}

/* Adds what RULES say of NUMBER, which some rule names. */
static bool rules_read_call(struct writer *writer, const struct ruleset *rules, uint32_t number,
			    call_rule_list *list)
{
	struct cube_work work = {.arena = writer->arena};
	part_list parts = {0};
	size_t limit;

	parts_read(&work, rules, number, writer->fallback, &parts);
	limit = parts_limit(rules->abi, &parts);
	if (work.overflow || parts.count > limit) {
		report_limit(writer, rules, number, &parts, limit);
		return false;
	}
	for (size_t i = 0; i < parts.count; i++)
		rules_push(writer, list, number, &parts.items[i]);
	return true;
}

static int number_compare(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* The numbers that rules name, in order, one behind the other; *COUNT of them. */
static uint32_t *rules_numbers(struct writer *writer, const struct ruleset *rules, size_t *count)
{
	uint32_t *numbers =
		arena_alloc_array(writer->arena, rules->rules.count + 1, sizeof(*numbers));

	*count = 0;
	for (size_t i = 0; i < rules->rules.count; i++)
		numbers[i] = rules->rules.items[i].number;
	qsort(numbers, rules->rules.count, sizeof(*numbers), number_compare);
	for (size_t i = 0; i < rules->rules.count; i++)
		if (!*count || numbers[*count - 1] != numbers[i])
			numbers[(*count)++] = numbers[i];
	return numbers;
}

/*
 * libseccomp's own number for the call that has NUMBER on ABI; false where it knows none, or has one
 * number for that call and another, as 2.5.4 has for sys_debug_setcontext and switch_endian.
 */
static bool rule_number(struct writer *writer, const struct abi *abi, uint32_t number, int *native)
{
	const struct seccomp_functions *functions = writer->library->functions;
	uint32_t arch = functions->seccomp_arch_resolve_name(abi->name);
	char *name, *back;
	bool known;

	*native = (int)number;
	/* The numbers of its own ABI it takes as they are, those that it has no name for too. */
	if (arch == functions->seccomp_arch_native() || number == UINT32_MAX)
		return true;
	name = functions->seccomp_syscall_resolve_num_arch(arch, (int)number);
	if (!name)
		return false;
	*native = functions->seccomp_syscall_resolve_name(name);
	back = functions->seccomp_syscall_resolve_num_arch(functions->seccomp_arch_native(),
							   *native);
	known = *native != __NR_SCMP_ERROR && back && !strcmp(name, back);
	free(name);
	free(back);
	return known;
}

/*
 * libseccomp's default is for the numbers that no rule of its names, as `unknown` is here. So where
 * `default` is another action, each number up to the baseline's highest needs a rule.
 */
static void rules_read_unmatched(struct writer *writer, const struct ruleset *rules,
				 const uint32_t *named, size_t named_count, call_rule_list *list)
{
	struct part part = {.action = rules->unmatched, .span = rules->unmatched_span};
	int native;

	if (rules->unmatched == writer->fallback)
		return;
	for (uint32_t number = rules->abi->number_first; number <= rules->highest; number++) {
		while (named_count && *named < number)
			named++, named_count--;
		if (named_count && *named == number)
			continue;
		if (!rule_number(writer, rules->abi, number, &native)) {
			writer_refuse(writer, rules->unmatched_span,
				      "%s has no name for number %u on %s, which gets its default, "
				      "%s as `unknown` says: it cannot say %s",
				      writer->library->version, number, rules->abi->name,
				      writer_action(writer, writer->fallback, rules->abi),
				      writer_action(writer, rules->unmatched, rules->abi));
			return;
		}
		rules_push(writer, list, number, &part);
	}
}

/*
 * Number -1 is no call, but what a tracer sets to skip one. libseccomp gives it to x86_64; the kernel
 * takes it for x32's, as all numbers with that bit.
 */
static void rules_read_skip(struct writer *writer, const struct ruleset *rules,
			    call_rule_list *list)
{
	struct part part = {.action = rules->foreign, .span = rules->foreign_span};

	if (rules->abi->id == ABI_X86_64 && rules->foreign != writer->fallback &&
	    !(policy_rules_abis(writer->rules) & ABI_BIT(ABI_X32)))
		rules_push(writer, list, UINT32_MAX, &part);
}

bool writer_read_rules(struct writer *writer, const struct ruleset *rules, call_rule_list *list)
{
	unsigned int errors = writer->diags->errors;
	size_t count;
	uint32_t *numbers = rules_numbers(writer, rules, &count);

	for (size_t i = 0; i < count; i++)
		rules_read_call(writer, rules, numbers[i], list);
	rules_read_unmatched(writer, rules, numbers, count, list);
	rules_read_skip(writer, rules, list);
	if (list->count > LIBSECCOMP_RULES_MAX)
		diag_error(
			writer->diags, DIAG_LIMIT, (struct span){0},
			"the policy needs %zu rules of libseccomp on %s, and pale gives it %d at "
			"most",
			list->count, rules->abi->name, LIBSECCOMP_RULES_MAX);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), rule_compare);
	return writer->diags->errors == errors;
}

bool writer_add_rules(struct writer *writer, const struct ruleset *rules,
		      const call_rule_list *list, scmp_filter_ctx context)
{
	const struct seccomp_functions *functions = writer->library->functions;
	const struct abi *abi = rules->abi;

	for (size_t i = 0; i < list->count; i++) {
		const struct call_rule *rule = &list->items[i];
		struct scmp_arg_cmp tests[6];
		unsigned int count = rule_tests(abi, &rule->part.cube, tests);
		int number, error;

		if (!rule_number(writer, abi, rule->number, &number)) {
			writer_refuse(
				writer, rule->part.span, "%s does not know %s on %s, which gets %s",
				writer->library->version, writer_call(writer, abi, rule->number),
				abi->name, writer_action(writer, rule->part.action, abi));
			return false;
		}
		error = functions->seccomp_rule_add_array(context, rule->part.action, number, count,
							  tests);
		if (error) {
			writer_refuse(
				writer, rule->part.span, "%s refuses the rule for %s on %s: %s",
				writer->library->version, writer_call(writer, abi, rule->number),
				abi->name, strerror(-error));
			return false;
		}
	}
	return true;
}
