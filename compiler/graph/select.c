/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/select.h"

#include <assert.h>
#include <string.h>

void selector_init(struct selector *selector, struct graph *graph)
{
	*selector = (struct selector){.graph = graph};
	selector->no = graph_leaf(graph, LEAF_NO, (struct span){0});
	selector->yes = graph_leaf(graph, LEAF_YES, (struct span){0});
}

static uint32_t memo_slot(const struct selector *selector, node_id condition, node_id yes,
			  node_id no)
{
	uint32_t hash = condition * 0x9e3779b1u ^ yes * 0x85ebca6bu ^ no * 0xc2b2ae35u;

	return (hash ^ hash >> 16) & (selector->memo_size - 1);
}

static void memo_insert(struct selector *selector, node_id condition, node_id yes, node_id no,
			node_id result)
{
	uint32_t slot = memo_slot(selector, condition, yes, no);

	while (selector->memo[slot].condition != NODE_NONE)
		slot = (slot + 1) & (selector->memo_size - 1);
	selector->memo[slot].condition = condition;
	selector->memo[slot].yes = yes;
	selector->memo[slot].no = no;
	selector->memo[slot].result = result;
}

static void memo_remember(struct selector *selector, node_id condition, node_id yes, node_id no,
			  node_id result)
{
	if (selector->memo_used * 2 >= selector->memo_size) {
		__typeof__(selector->memo) old = selector->memo;
		uint32_t old_size = selector->memo_size;

		selector->memo_size = old_size ? old_size * 2 : 256;
		selector->memo = arena_alloc_array(selector->graph->arena, selector->memo_size,
						   sizeof(*selector->memo));
		memset(selector->memo, 0xff, selector->memo_size * sizeof(*selector->memo));
		for (uint32_t i = 0; i < old_size; i++)
			if (old[i].condition != NODE_NONE)
				memo_insert(selector, old[i].condition, old[i].yes, old[i].no,
					    old[i].result);
	}
	memo_insert(selector, condition, yes, no, result);
	selector->memo_used++;
}

static node_id memo_recall(const struct selector *selector, node_id condition, node_id yes,
			   node_id no)
{
	uint32_t slot;

	if (!selector->memo_size)
		return NODE_NONE;
	slot = memo_slot(selector, condition, yes, no);
	for (; selector->memo[slot].condition != NODE_NONE;
	     slot = (slot + 1) & (selector->memo_size - 1))
		if (selector->memo[slot].condition == condition &&
		    selector->memo[slot].yes == yes && selector->memo[slot].no == no)
			return selector->memo[slot].result;
	return NODE_NONE;
}

/* Whether switch A comes before switch B on every way down; a leaf comes last. */
static bool node_before(const struct node *a, const struct node *b)
{
	if (!a->branch_count || !b->branch_count)
		return a->branch_count && !b->branch_count;
	if (a->word != b->word)
		return a->word < b->word;
	/* The unmasked word first: what is loaded for it serves the masked ones behind it. */
	if (a->mask != b->mask)
		return a->mask > b->mask;
	return a->load < b->load;
}

static bool node_same_switch(const struct node *a, const struct node *top)
{
	return a->branch_count && a->word == top->word && a->mask == top->mask &&
	       a->load == top->load;
}

/* One of the graphs that are walked together: its branches where it switches, else itself. */
struct walker {
	node_id id;
	const struct branch *branches;
	uint32_t count;
	uint32_t at;
};

static struct walker walker_start(const struct graph *graph, node_id id, const struct node *top)
{
	const struct node *node = graph_node(graph, id);

	if (!node_same_switch(node, top))
		return (struct walker){.id = id};
	return (struct walker){
		.id = node->branches[0].child,
		.branches = node->branches,
		.count = node->branch_count,
	};
}

/* Where the walker's next branch begins; beyond all values where it has none. */
static uint64_t walker_next(const struct walker *walker)
{
	return walker->at + 1 < walker->count ? walker->branches[walker->at + 1].first
					      : (uint64_t)1 << 32;
}

static void walker_move(struct walker *walker, uint64_t value)
{
	if (value < (uint64_t)1 << 32 && walker_next(walker) == value)
		walker->id = walker->branches[++walker->at].child;
}

/* The switch at the top of what is combined is split into the pieces that all three agree on. */
static node_id select_split(struct selector *selector, const struct node *top,
			    struct walker walkers[3])
{
	struct graph *graph = selector->graph;
	uint32_t room = walkers[0].count + walkers[1].count + walkers[2].count;
	struct branch *branches = arena_alloc_array(graph->arena, room, sizeof(*branches));
	uint32_t word = top->word, mask = top->mask, count = 0;
	load_ref load = top->load;
	struct span span = top->span;
	uint64_t value = 0;

	graph->budget->work += room;
	graph->overflow |= graph->budget->work > GRAPH_WORK_MAX;
	while (value < (uint64_t)1 << 32) {
		uint64_t next = (uint64_t)1 << 32;

		branches[count].first = (uint32_t)value;
		branches[count++].child =
			graph_select(selector, walkers[0].id, walkers[1].id, walkers[2].id);
		for (int i = 0; i < 3; i++)
			if (walker_next(&walkers[i]) < next)
				next = walker_next(&walkers[i]);
		for (int i = 0; i < 3; i++)
			walker_move(&walkers[i], next);
		value = next;
	}
	if (load)
		return graph_loaded(graph, word, mask, load, branches[1].child, branches[0].child,
				    span);
	return graph_switch(graph, word, mask, branches, count, span);
}

node_id graph_select(struct selector *selector, node_id condition, node_id yes, node_id no)
{
	struct graph *graph = selector->graph;
	const struct node *top;
	struct walker walkers[3];
	node_id result;

	if (condition == selector->yes || yes == no || graph->overflow)
		return yes;
	if (condition == selector->no)
		return no;
	if (yes == selector->yes && no == selector->no)
		return condition;
	result = memo_recall(selector, condition, yes, no);
	if (result != NODE_NONE)
		return result;
	top = graph_node(graph, condition);
	assert(top->branch_count);
	if (node_before(graph_node(graph, yes), top))
		top = graph_node(graph, yes);
	if (node_before(graph_node(graph, no), top))
		top = graph_node(graph, no);
	walkers[0] = walker_start(graph, condition, top);
	walkers[1] = walker_start(graph, yes, top);
	walkers[2] = walker_start(graph, no, top);
	result = select_split(selector, top, walkers);
	memo_remember(selector, condition, yes, no, result);
	return result;
}

/* One test: yes inside of the intervals, no outside. */
static node_id condition_test(struct selector *selector, const struct condition *test)
{
	struct graph *graph = selector->graph;
	struct branch *branches =
		arena_alloc_array(graph->arena, 2 * test->interval_count + 1, sizeof(*branches));
	uint64_t next = 0;
	uint32_t count = 0;

	if (test->load)
		return graph_loaded(graph, test->word, test->mask, test->load, selector->yes,
				    selector->no, test->span);
	for (size_t i = 0; i < test->interval_count; i++) {
		const struct interval *interval = &test->intervals[i];

		assert(interval->first >= next && interval->first <= interval->last);
		if (interval->first > next)
			branches[count++] = (struct branch){(uint32_t)next, selector->no};
		branches[count++] = (struct branch){interval->first, selector->yes};
		next = (uint64_t)interval->last + 1;
	}
	if (next < (uint64_t)1 << 32)
		branches[count++] = (struct branch){(uint32_t)next, selector->no};
	return graph_switch(graph, test->word, test->mask, branches, count, test->span);
}

node_id graph_condition(struct selector *selector, const struct condition *condition)
{
	node_id left;

	switch (condition->kind) {
	case CONDITION_TRUE:
		return selector->yes;
	case CONDITION_FALSE:
		return selector->no;
	case CONDITION_TEST:
		return condition_test(selector, condition);
	case CONDITION_NOT:
		left = graph_condition(selector, condition->left);
		return graph_select(selector, left, selector->no, selector->yes);
	case CONDITION_AND:
		left = graph_condition(selector, condition->left);
		return graph_select(selector, left, graph_condition(selector, condition->right),
				    selector->no);
	case CONDITION_OR:
		left = graph_condition(selector, condition->left);
		return graph_select(selector, left, selector->yes,
				    graph_condition(selector, condition->right));
	}
	assert(!"a kind of condition that no enum has");
	return selector->no;
}
