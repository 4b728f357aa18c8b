/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations: the calls that they are about, and what these must get. */
#include "compiler/prove/reader.h"

/* Where argument INDEX of CALL is one of the numbers of EXPR. */
static bool expect_argument(struct reader *reader, call_id call, unsigned int index,
			    const struct expr *expr, diagram *result)
{
	struct read_argument argument = reader_argument_at(reader, call, index);
	struct read_comparison comparison = {
		.reader = reader,
		.argument = &argument,
		.trivial = true,
		.span = expr->span,
	};
	struct read_set set;

	if (!reader_numbers(reader, reader_scope(reader), expr, &set))
		return false;
	for (size_t i = 0; argument.is_pointer && i < set.ranges.count; i++)
		if (set.ranges.items[i].first.bits || set.ranges.items[i].last.bits)
			return reader_fail(reader, expr->span, "a pointer that is compared");
	return read_compare_set(&comparison, &set, result);
}

static bool expect_arguments(struct reader *reader, const struct stmt *stmt, call_id call,
			     diagram *condition)
{
	unsigned int count;

	call_args(call, reader->abi->id, &count);
	for (size_t i = 0; i < stmt->expect.arguments.count; i++) {
		const struct expr *expr = stmt->expect.arguments.items[i];
		diagram more;

		if (i >= count)
			return reader_fail(reader, expr->span, "an argument that the call lacks");
		if (expr->kind == EXPR_WILDCARD)
			continue;
		if (!expect_argument(reader, call, (unsigned int)i, expr, &more))
			return false;
		*condition = diagram_and(reader->diagrams, *condition, more);
	}
	return true;
}

bool reader_expect(struct reader *reader, const struct stmt *stmt)
{
	struct read_expectation expectation = {
		.abi = reader->abi,
		.condition = DIAGRAM_ALL,
		.span = stmt->span,
	};
	call_id name;
	call_id call = reader_find_call(reader, stmt->expect.call.text, &name);

	if (name == CALL_NONE)
		return reader_fail(reader, stmt->expect.call.span, "a call that no ABI has");
	if (!reader_action(reader, &stmt->expect.action, &expectation.action))
		return false;
	if (call == CALL_NONE)
		return true;
	expectation.number = (uint32_t)call_number(call, reader->abi->id);
	if (!expect_arguments(reader, stmt, call, &expectation.condition))
		return false;
	*VEC_PUSH(reader->arena, &reader->reading->expectations) = expectation;
	return true;
}
