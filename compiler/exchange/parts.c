/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/exchange/parts.h"

#include <linux/seccomp.h>
#include <string.h>

bool action_is_permissive(seccomp_action action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	default:
		return false;
	}
}

static void parts_push(struct cube_work *work, part_list *parts, const struct cube *cube,
		       seccomp_action action, struct span span)
{
	struct part *part = VEC_PUSH(work->arena, parts);

	part->cube = *cube;
	part->action = action;
	part->span = span;
}

/* Above this many parts the pairs are too many to look at; the exporter refuses such calls. */
#define PARTS_JOIN_MAX 4096

/* Joins parts from FIRST on, until no two can be joined. */
static void parts_join(part_list *parts, size_t first)
{
	bool again = parts->count - first <= PARTS_JOIN_MAX;

	while (again) {
		again = false;
		for (size_t i = first; i < parts->count; i++) {
			for (size_t j = i + 1; j < parts->count; j++) {
				if (parts->items[i].action != parts->items[j].action ||
				    !cube_join(&parts->items[i].cube, &parts->items[j].cube))
					continue;
				memmove(&parts->items[j], &parts->items[j + 1],
					(parts->count - j - 1) * sizeof(*parts->items));
				parts->count--;
				again = true;
				j--;
			}
		}
	}
}

static const struct rule *rule_after(const struct ruleset *rules, size_t from, uint32_t number)
{
	for (size_t i = from; i < rules->rules.count; i++)
		if (rules->rules.items[i].number == number)
			return &rules->rules.items[i];
	return NULL;
}

void parts_read(struct cube_work *work, const struct ruleset *rules, uint32_t number,
		seccomp_action fallback, part_list *parts)
{
	static const struct cube everything = {{0}, {0}};
	bool beyond = number > rules->highest;
	seccomp_action otherwise = beyond ? rules->unknown : rules->unmatched;
	size_t first = parts->count;
	const struct rule *rule = rule_after(rules, 0, number);
	cube_list left = {0};

	if (!rule)
		return;
	cube_push(work, &left, &everything);
	while (rule && left.count && !work->overflow) {
		const struct rule *next =
			rule_after(rules, (size_t)(rule - rules->rules.items) + 1, number);
		bool is_last = !next && otherwise == fallback;
		cube_list yes = {0};
		cube_list no = {0};

		for (size_t i = 0; i < left.count; i++)
			cube_split(work, &left.items[i], rule->condition,
				   rule->action == fallback ? NULL : &yes, is_last ? NULL : &no);
		for (size_t i = 0; i < yes.count; i++)
			parts_push(work, parts, &yes.items[i], rule->action, rule->span);
		left = no;
		rule = next;
	}
	for (size_t i = 0; i < left.count && otherwise != fallback; i++)
		parts_push(work, parts, &left.items[i], otherwise,
			   beyond ? rules->unknown_span : rules->unmatched_span);
	parts_join(parts, first);
}

/* Parts of one action, or of any. */
struct cover {
	struct cube_work *work;
	const part_list *parts;
	seccomp_action action;
	bool any;
};

/*
 * Whether each call of CUBE is in a part from FROM on: what the first part that meets the cube
 * leaves of it must be in those behind.
 */
static bool cover_holds(const struct cover *cover, const struct cube *cube, size_t from)
{
	const struct part *part = NULL;
	struct cube inside = *cube;

	if (++cover->work->steps > CUBE_STEPS_MAX)
		cover->work->overflow = true;
	if (cover->work->overflow)
		return false;
	for (; from < cover->parts->count && !part; from++) {
		part = &cover->parts->items[from];
		if ((!cover->any && part->action != cover->action) ||
		    !cube_meets(cube, &part->cube))
			part = NULL;
	}
	if (!part)
		return false;
	for (unsigned int i = 0; i < CUBE_WORDS; i++) {
		uint32_t bits = part->cube.mask[i] & ~cube->mask[i];

		for (; bits; bits &= bits - 1) {
			uint32_t bit = bits & -bits;

			/* Outside of the part by this bit, inside by those before it. */
			inside.mask[i] |= bit;
			inside.value[i] |= ~part->cube.value[i] & bit;
			if (!cover_holds(cover, &inside, from))
				return false;
			inside.value[i] ^= bit;
		}
	}
	return true;
}

enum parts_verdict parts_compare(struct cube_work *work, const part_list *wanted,
				 const part_list *given, seccomp_action fallback,
				 struct span *where)
{
	enum parts_verdict verdict = PARTS_SAME;

	for (size_t i = 0; i < given->count; i++) {
		const struct part *part = &given->items[i];
		struct cover same = {work, wanted, part->action, false};

		if (cover_holds(&same, &part->cube, 0))
			continue;
		*where = part->span;
		if (action_is_permissive(part->action))
			return PARTS_WIDER;
		verdict = PARTS_STRICTER;
	}
	for (size_t i = 0; i < wanted->count; i++) {
		const struct part *part = &wanted->items[i];
		struct cover same = {work, given, part->action, false};
		struct cover some = {work, given, 0, true};

		if (cover_holds(&same, &part->cube, 0))
			continue;
		*where = part->span;
		if (action_is_permissive(fallback) && !cover_holds(&some, &part->cube, 0))
			return PARTS_WIDER;
		verdict = PARTS_STRICTER;
	}
	return verdict;
}
