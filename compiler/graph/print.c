/* SPDX-License-Identifier: Apache-2.0 */
/* The graph as text, for --dump=graph: one switch a paragraph, the root last. */
#include "compiler/graph/lower.h"

#include <linux/seccomp.h>
#include <stddef.h>

static void print_word(const struct node *node, struct text *out)
{
	uint32_t offset = node->word - (uint32_t)offsetof(struct seccomp_data, args);

	if (node->word == offsetof(struct seccomp_data, nr))
		text_add_string(out, "nr");
	else if (node->word == offsetof(struct seccomp_data, arch))
		text_add_string(out, "arch");
	else
		text_printf(out, "args[%u]+%u", offset / 8, offset % 8);
	if (node->mask != UINT32_MAX)
		text_printf(out, " & 0x%x", node->mask);
}

static void print_child(const struct graph *graph, node_id id, enum abi_id abi, struct text *out)
{
	const struct node *node = graph_node(graph, id);

	if (node->branch_count)
		text_printf(out, "n%u", id);
	else
		seccomp_action_print(node->action, abi, out);
}

static void print_switch(const struct graph *graph, node_id id, enum abi_id abi, struct text *out)
{
	const struct node *node = graph_node(graph, id);

	text_printf(out, "n%u: switch ", id);
	print_word(node, out);
	if (node->load)
		text_printf(out, " == load %u.%s", load_index(node->load),
			    load_is_high(node->load) ? "hi" : "lo");
	text_add_char(out, '\n');
	for (uint32_t i = 0; i < node->branch_count; i++) {
		uint32_t first = node->branches[i].first, last = node_branch_last(node, i);

		if (node->load)
			text_printf(out, "\t%s: ", first ? "yes" : "no");
		else if (first == last)
			text_printf(out, "\t0x%x: ", first);
		else
			text_printf(out, "\t0x%x..0x%x: ", first, last);
		print_child(graph, node->branches[i].child, abi, out);
		text_add_char(out, '\n');
	}
}

/* Children are older than their parents, so one walk downwards finds what the root needs. */
void lowering_print(const struct lowering *lowering, struct text *out)
{
	const struct graph *graph = &lowering->graph;
	enum abi_id abi = lowering->abis.items[0].ruleset->abi->id;
	bool *needed = arena_alloc_array(graph->arena, graph->nodes.count, sizeof(*needed));

	if (!graph_node(graph, graph->root)->branch_count) {
		print_child(graph, graph->root, abi, out);
		text_add_char(out, '\n');
		return;
	}
	needed[graph->root] = true;
	for (node_id id = graph->root; id != NODE_NONE; id--)
		for (uint32_t i = 0; needed[id] && i < graph_node(graph, id)->branch_count; i++)
			needed[graph_node(graph, id)->branches[i].child] = true;
	for (node_id id = 0; id <= graph->root; id++)
		if (needed[id] && graph_node(graph, id)->branch_count)
			print_switch(graph, id, abi, out);
}
