/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/entry.h"

#include "compiler/explain/apply.h"
#include "compiler/prove/reading.h"

#include <string.h>

/* The bits of a multiplexer's first argument that choose the call; ipc has a version above them. */
enum {
	CHOICE_BITS = 16
};

static void add_way(const struct report_input *input, struct entry *entry, const struct abi *abi,
		    uint32_t number, diagram condition)
{
	for (size_t i = 0; i < entry->ways.count; i++) {
		struct entry_way *way = &entry->ways.items[i];

		if (way->abi != abi || way->number != number)
			continue;
		way->condition = diagram_or(input->policy->diagrams, way->condition, condition);
		return;
	}
	*VEC_PUSH(input->arena, &entry->ways) = (struct entry_way){
		.abi = abi,
		.number = number,
		.call = call_by_number(abi->id, number),
		.condition = condition,
	};
}

/* The multiplexer that makes CALL too. Its own arguments are behind a pointer: all of them count. */
static void add_multiplexer(const struct report_input *input, struct entry *entry,
			    const struct abi *abi, call_id call)
{
	call_id multiplexer = call == CALL_NONE ? CALL_NONE : call_multiplexer(call, abi->id);
	struct diagrams *diagrams = input->policy->diagrams;
	uint32_t values = call == CALL_NONE ? 0 : call_multiplexer_values(call);
	struct field choice = field_of_word(abi_word_low(abi, 0) / 4, CHOICE_BITS);
	diagram condition = DIAGRAM_NONE;
	int64_t number;

	if (multiplexer == CALL_NONE)
		return;
	for (unsigned int i = 0; i < 32; i++)
		if (values & (uint32_t)1 << i)
			condition = diagram_or(diagrams, condition,
					       diagram_range(diagrams, &choice, i, i));
	number = call_number(multiplexer, abi->id);
	if (number >= 0)
		add_way(input, entry, abi, (uint32_t)number, values ? condition : DIAGRAM_ALL);
}

static void read_for(const struct report_input *input, struct sources *sources,
		     const struct policy_ast *ast, const struct abi *abi, struct entry *entry)
{
	struct read_options options = {.abis = ABI_BIT(abi->id)};
	struct library library = {0};
	struct policy_reading reading = {0};
	struct read_problem problem = {0};

	if (!policy_read(input->arena, input->policy->diagrams, sources, &library, ast, &options,
			 &reading, &problem)) {
		entry->problem = problem.text ? problem.text : "it is too involved";
		return;
	}
	for (size_t i = 0; i < reading.abis.items[0].rules.count; i++) {
		const struct read_rule *rule = &reading.abis.items[0].rules.items[i];

		if (rule->item == READ_ITEM_NONE)
			continue;
		add_way(input, entry, abi, rule->number, rule->condition);
		add_multiplexer(input, entry, abi, rule->call);
	}
}

struct entry entry_read(const struct report_input *input, const char *text, abi_set abis)
{
	struct sources sources = {.arena = input->arena};
	struct diags diags = {.arena = input->arena, .sources = &sources};
	const char *policy = arena_printf(
		input->arena, "default deny EPERM;\ngroup @entry {\n%s\n}\nallow @entry;\n", text);
	struct policy_ast *ast;
	struct entry entry = {0};
	uint32_t file;

	file = sources_add(&sources, "entry", policy, (uint32_t)strlen(policy));
	ast = policy_parse(input->arena, &sources, file, &diags);
	if (diags.errors) {
		entry.problem = diags.list.items[0]->text;
		return entry;
	}
	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			read_for(input, &sources, ast, abi_get((enum abi_id)id), &entry);
	for (size_t i = 0; i < entry.ways.count; i++) {
		struct entry_way *way = &entry.ways.items[i];

		way->is_plain = apply_support(input->arena, input->policy->diagrams, way->condition,
					      way->looks);
	}
	return entry;
}

enum standing entry_standing(const struct report_input *input, const struct entry *entry,
			     struct entry_ways *open)
{
	enum standing widest = entry->problem ? STANDING_ALLOWED : STANDING_ABSENT;

	for (size_t i = 0; i < entry->ways.count; i++) {
		const struct entry_way *way = &entry->ways.items[i];
		enum standing standing = judge_calls(input, way->abi, way->number, way->condition);

		if (standing > widest)
			widest = standing;
		if (open && standing > STANDING_DENIED)
			*VEC_PUSH(input->arena, &open->items) = way;
	}
	return widest;
}

/* Sets the words of argument INDEX to VALUE, and its bits in KNOWN. */
static void place_value(const struct entry_way *way, unsigned int index, uint64_t value,
			uint32_t words[WORD_COUNT], uint32_t known[WORD_COUNT])
{
	struct arg_place place = call_arg_place(way->call, way->abi->id, index);
	unsigned int low = abi_word_low(way->abi, place.low) / 4;
	unsigned int high = place.split ? abi_word_low(way->abi, place.high) / 4
					: abi_word_high(way->abi, place.low) / 4;

	words[low] = (uint32_t)value;
	known[low] |= place.bits >= 32 ? UINT32_MAX : ((uint32_t)1 << place.bits) - 1;
	if (place.bits <= 32)
		return;
	words[high] = (uint32_t)(value >> 32);
	known[high] = UINT32_MAX;
}

/*
 * The way whose condition decides for a recorded call: its own, or where it has flags behind a pointer
 * (clone3), the one beside it that has them in a register.
 */
static const struct entry_way *deciding_way(const struct entry *entry, const struct entry_way *way,
					    const struct recorded_call *call)
{
	bool behind = false;

	for (size_t i = 0; i < call->args.count; i++)
		behind |= call->args.items[i].behind && call->args.items[i].ruled;
	for (size_t i = 0; behind && i < entry->ways.count; i++) {
		const struct entry_way *other = &entry->ways.items[i];

		if (other->abi == way->abi && other != way && other->call != CALL_NONE &&
		    call_arg_find(other->call, way->abi->id, "flags") >= 0)
			return other;
	}
	return way;
}

static enum entry_use tuple_use(const struct report_input *input, const struct entry_way *way,
				const struct recorded_call *call,
				const struct recorded_tuple *tuple)
{
	uint32_t words[WORD_COUNT] = {0}, known[WORD_COUNT] = {0};
	size_t ruled = 0;

	for (size_t i = 0; i < call->args.count; i++) {
		const struct recorded_arg *arg = &call->args.items[i];
		int index;

		if (!arg->ruled)
			continue;
		index = call_arg_find(way->call, way->abi->id, arg->name);
		if (index >= 0)
			place_value(way, (unsigned int)index, tuple->values[ruled], words, known);
		ruled++;
	}
	for (unsigned int i = 0; i < WORD_COUNT; i++)
		if (way->looks[i] & ~known[i])
			return ENTRY_UNCLEAR;
	return diagram_evaluate(input->policy->diagrams, way->condition, words, NULL)
		       ? ENTRY_USED
		       : ENTRY_UNUSED;
}

static enum entry_use record_use(const struct report_input *input, const struct entry *entry,
				 const struct entry_way *own, const struct recorded_call *call)
{
	const struct entry_way *way = deciding_way(entry, own, call);
	enum entry_use use = ENTRY_UNUSED;

	if (way->condition == DIAGRAM_ALL)
		return ENTRY_USED;
	if (call->saturated || !call->tuples.count || way->call == CALL_NONE || !way->is_plain)
		return ENTRY_UNCLEAR;
	for (size_t i = 0; i < call->tuples.count && use != ENTRY_USED; i++) {
		enum entry_use here = tuple_use(input, way, call, &call->tuples.items[i]);

		if (here > use)
			use = here;
	}
	return use;
}

static void add_user(struct arena *arena, const struct survey *survey, struct entry_users *users,
		     struct seen_executable *executable)
{
	if (executable->mark == survey->marks)
		return;
	executable->mark = survey->marks;
	*VEC_PUSH(arena, &users->items) = executable;
}

enum entry_use entry_used(const struct report_input *input, struct survey *survey,
			  const struct entry *entry, struct entry_users *users)
{
	enum entry_use use = ENTRY_UNUSED;

	survey->marks++;
	for (size_t i = 0; i < entry->ways.count; i++) {
		const struct entry_way *way = &entry->ways.items[i];
		const struct seen_call *seen = survey_find(survey, way->abi->id, way->number);

		for (size_t j = 0; seen && j < seen->record_count; j++) {
			const struct seen_record *record = &seen->records[j];
			enum entry_use here = record_use(input, entry, way, record->call);

			if (here > use) {
				use = here;
				users->items.count = 0;
				survey->marks++;
			}
			if (here != ENTRY_UNUSED && here == use)
				add_user(input->arena, survey, users, record->executable);
		}
	}
	return use;
}
