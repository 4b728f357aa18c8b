/* SPDX-License-Identifier: Apache-2.0 */
/* A call in a rule's list, alone or with all that do its work. */
#include "compiler/prove/reader.h"

enum {
	RULES_MAX = 100000
}; /* the language's limit for one ABI */

call_id reader_find_call(const struct reader *reader, const char *name, call_id *catalogued)
{
	call_id call = call_find(name);

	if (call == CALL_NONE)
		call = call_find_alias(name);
	*catalogued = call;
	if (call == CALL_NONE || call_number(call, reader->abi->id) >= 0)
		return call;
	call = call_find_synonym(call, reader->abi->id);
	return call != CALL_NONE && call_number(call, reader->abi->id) >= 0 ? call : CALL_NONE;
}

/* Where the condition is written; of several the outermost, which is the rule's own. */
static struct span where_place(const struct read_where *where)
{
	struct span place = {0};

	for (; where; where = where->outer)
		if (where->expr)
			place = where->expr->span;
	return place;
}

static bool rule_add(struct reader *reader, const struct read_rule_frame *frame, call_id call,
		     uint32_t action, diagram condition, const struct read_where *where)
{
	if (reader->out->rules.count >= RULES_MAX)
		return reader_fail(reader, frame->span, "more rules than an ABI may have");
	*VEC_PUSH(reader->arena, &reader->out->rules) = (struct read_rule){
		.number = (uint32_t)call_number(call, reader->abi->id),
		.call = call,
		.action = action,
		.condition = condition,
		.span = frame->span,
		.where = where_place(where),
		.item = frame->item,
	};
	return true;
}

/* Narrows *CONDITION by WHERE and all outside of it, which CALL itself has to show. */
static bool where_apply(struct reader *reader, call_id call, const struct read_where *where,
			diagram *condition)
{
	for (; where; where = where->outer) {
		struct read_site site = {.reader = reader, .call = call, .scope = where->scope};
		diagram more;

		if (!where->expr)
			continue;
		if (!reader_condition(&site, where->expr, &more))
			return false;
		*condition = diagram_and(reader->diagrams, *condition, more);
	}
	return true;
}

static bool rule_plain(struct reader *reader, const struct read_rule_frame *frame, call_id call,
		       const struct read_where *where)
{
	diagram condition = DIAGRAM_ALL;

	return where_apply(reader, call, where, &condition) &&
	       rule_add(reader, frame, call, frame->action, condition, where);
}

/* What the forms of `any` made of its condition. */
struct forms_seen {
	unsigned int seen;   /* it was applied to so many, */
	unsigned int missed; /* of which so many were too narrow for a number */
	bool hidden;         /* one hides an argument that the catalogue knows */
};

static bool rule_form(struct reader *reader, const struct read_rule_frame *frame, call_id named,
		      const struct equivalent *form, const struct read_where *where,
		      struct forms_seen *forms)
{
	struct read_site site = {
		.reader = reader,
		.call = form->call,
		.forms = true,
		.named = named,
		.hides = form->sight == EQUIVALENT_HIDDEN,
		.scope = where->scope,
	};
	diagram condition;
	uint32_t no_call;

	if (!reader_condition_sight(&site, where->expr))
		return false;
	forms->hidden |= site.has_known;
	if (site.has_hidden) /* so that libc falls back, whatever else is asked for */
		return reader_no_call(reader, frame->span, &no_call) &&
		       rule_add(reader, frame, form->call, no_call, DIAGRAM_ALL, where);
	if (site.has_lacking)
		return true;
	if (!reader_condition(&site, where->expr, &condition))
		return false;
	forms->seen++;
	forms->missed += site.missed;
	return where_apply(reader, form->call, where->outer, &condition) &&
	       rule_add(reader, frame, form->call, frame->action, condition, where);
}

static bool rule_any(struct reader *reader, const struct read_rule_frame *frame, call_id name,
		     const struct read_where *where)
{
	unsigned int count;
	const struct equivalent *forms = call_equivalents(name, reader->abi->id, &count);
	struct forms_seen seen = {0};

	for (unsigned int i = 0; i < count; i++)
		if (where->expr ? !rule_form(reader, frame, name, &forms[i], where, &seen)
				: !rule_plain(reader, frame, forms[i].call, where))
			return false;
	if (!count || !where->expr)
		return true;
	if (!seen.seen && !seen.hidden)
		return reader_fail(reader, where->expr->span, "an argument that no form has");
	if (seen.seen && seen.seen == seen.missed)
		return reader_fail(reader, where->expr->span,
				   "a number that no form of the call can have");
	return true;
}

bool reader_call_rule(struct reader *reader, const struct read_rule_frame *frame,
		      const struct rule_item *item, const struct read_where *where)
{
	call_id name;
	call_id call = reader_find_call(reader, item->name.text, &name);

	if (name == CALL_NONE)
		return item->optional ||
		       reader_fail(reader, item->name.span, "a call that no ABI has");
	if (item->any)
		return rule_any(reader, frame, name, where);
	return call == CALL_NONE || rule_plain(reader, frame, call, where);
}
