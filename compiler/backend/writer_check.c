/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that libseccomp takes, and takes for something else. */
#include "compiler/backend/writer.h"

#include "compiler/exchange/consumer.h"

/* It tests the low words alone where it counts an ABI among those of 32 bits. */
static void check_words(struct writer *writer, const struct abi *abi, const struct call_rule *rule)
{
	if (consumer_tests_high_words(abi->id))
		return;
	for (unsigned int i = 0; i < 6; i++)
		if (rule->part.cube.mask[cube_word(abi_word_high(abi, i))])
			writer_refuse(writer, rule->part.span,
				      "%s tests the low 32 bits of an argument alone on %s, and "
				      "the rule for %s needs more",
				      writer->library->version, abi->name,
				      writer_call(writer, abi, rule->number));
}

static void given_push(struct writer *writer, part_list *given, const struct part *part)
{
	*VEC_PUSH(writer->arena, given) = *part;
}

/* Whether a rule for NUMBER is one for the multiplexer *TARGET too, when its first argument is *INDEX. */
static bool number_is_muxed(const struct abi *abi, uint32_t number, uint32_t *target,
			    uint32_t *index)
{
	call_id call = call_by_number(abi->id, number);

	if (call == CALL_NONE || consumer_reach(EXPORT_OCI, call, abi->id) != REACH_MUXED)
		return false;
	*target = (uint32_t)call_number(consumer_multiplexer(call, index), abi->id);
	return true;
}

/* What the rules for MULTIPLEXER come to, those of the calls behind it among them. */
static void given_read(struct writer *writer, const struct abi *abi, const call_rule_list *list,
		       uint32_t multiplexer, part_list *given)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct call_rule *rule = &list->items[i];
		unsigned int low = cube_word(abi_word_low(abi, 0));
		unsigned int high = cube_word(abi_word_high(abi, 0));
		struct part part = rule->part;
		uint32_t target, index;

		if (rule->number == multiplexer) {
			given_push(writer, given, &part);
			/* One without a condition takes all of it, whatever comes behind. */
			if (cube_is_everything(&part.cube)) {
				given->items[0] = part;
				given->count = 1;
				return;
			}
		}
		if (!number_is_muxed(abi, rule->number, &target, &index) || target != multiplexer)
			continue;
		part.cube.mask[low] = UINT32_MAX;
		part.cube.value[low] = index;
		part.cube.mask[high] = consumer_tests_high_words(abi->id) ? UINT32_MAX : 0;
		part.cube.value[high] = 0;
		given_push(writer, given, &part);
	}
}

/* Holds the rules for a multiplexer to what the policy says of it. RULE is of a call behind it. */
static void check_multiplexer(struct writer *writer, const struct ruleset *rules,
			      const call_rule_list *list, uint32_t multiplexer,
			      const struct call_rule *rule)
{
	struct cube_work work = {.arena = writer->arena};
	part_list wanted = {0}, given = {0};
	struct span where;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].number == multiplexer)
			given_push(writer, &wanted, &list->items[i].part);
	given_read(writer, rules->abi, list, multiplexer, &given);
	if (parts_compare(&work, &wanted, &given, writer->fallback, &where) == PARTS_SAME &&
	    !work.overflow)
		return;
	writer_refuse(writer, rule->part.span,
		      "%s gives the rule for %s on %s to %s as well, of which the policy says "
		      "something else",
		      writer->library->version, writer_call(writer, rules->abi, rule->number),
		      rules->abi->name, writer_call(writer, rules->abi, multiplexer));
}

bool writer_check_rules(struct writer *writer, const struct ruleset *rules,
			const call_rule_list *list)
{
	unsigned int errors = writer->diags->errors;
	uint32_t checked[2] = {UINT32_MAX, UINT32_MAX}; /* socketcall and ipc */

	for (size_t i = 0; i < list->count; i++) {
		const struct call_rule *rule = &list->items[i];
		uint32_t multiplexer, index;

		check_words(writer, rules->abi, rule);
		if (!number_is_muxed(rules->abi, rule->number, &multiplexer, &index) ||
		    multiplexer == checked[0] || multiplexer == checked[1])
			continue;
		checked[checked[0] != UINT32_MAX] = multiplexer;
		check_multiplexer(writer, rules, list, multiplexer, rule);
	}
	return writer->diags->errors == errors;
}
