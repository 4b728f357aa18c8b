/* SPDX-License-Identifier: Apache-2.0 */
/* Names for numbers, sets, truths and words: `let`, `param`, and what -D makes of params. */
#include "compiler/prove/reader.h"

#include "policy-lang/catalog/constant.h"

#include <string.h>

/* Whether NAME is true or false; *TRUTH then says which. */
static bool word_is_truth(const char *name, bool *truth)
{
	*truth = strcmp(name, "true") == 0;
	return *truth || strcmp(name, "false") == 0;
}

static bool let_value(struct reader *reader, const struct expr *value, struct read_binding *binding)
{
	struct read_scope scope = reader_scope(reader);

	if (value->kind == EXPR_NAME && strcmp(value->text, "load") == 0) {
		binding->kind = READ_LOADED;
		return true;
	}
	if (reader_loaded(reader, scope, value)) {
		binding->kind = READ_LOADED;
		binding->word = reader_loaded(reader, scope, value);
		return true;
	}
	if (value->kind == EXPR_SET || reader_is_set(reader, scope, value)) {
		binding->kind = READ_SET;
		return reader_set(reader, scope, value, &binding->set);
	}
	binding->kind = READ_NUMBER;
	return reader_number(reader, scope, value, &binding->number);
}

static bool param_value(struct reader *reader, const struct expr *value,
			struct read_binding *binding)
{
	binding->kind = READ_NUMBER;
	if (value->kind == EXPR_NAME && word_is_truth(value->text, &binding->truth)) {
		binding->kind = READ_TRUTH;
		return true;
	}
	/* A name that means something is what it means. */
	if (value->kind == EXPR_NAME && constant_find(value->text) == CONSTANT_NONE &&
	    !reader_binding(reader, reader_scope(reader), value->text)) {
		binding->kind = READ_WORD;
		binding->word = value->text;
		return true;
	}
	return reader_number(reader, reader_scope(reader), value, &binding->number);
}

static unsigned int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned int)(digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (unsigned int)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F')
		return (unsigned int)(digit - 'A') + 10;
	return 16;
}

/* A number as policies write it, perhaps with a minus. */
static bool text_is_number(const char *text, struct read_number *number)
{
	bool minus = *text == '-';
	unsigned int base = 10;
	uint64_t bits = 0;

	text += minus;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	} else if (text[0] == '0') {
		base = 8;
	}
	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = digit_value(*text);

		if (digit >= base || __builtin_mul_overflow(bits, base, &bits) ||
		    __builtin_add_overflow(bits, digit, &bits))
			return false;
	}
	*number = (struct read_number){.bits = bits};
	return !minus || !read_number_turn(EXPR_OP_NEGATE, *number, number);
}

/* The reader's problem is the binding's, which counts where it is used. */
static void binding_break(struct reader *reader, struct read_binding *binding)
{
	binding->kind = READ_BROKEN;
	binding->problem = *reader->problem;
	*reader->problem = (struct read_problem){0};
}

/* Gives the param what -D says, which must be of the kind that the policy's own value has. */
static bool param_define(struct reader *reader, const char *text, struct span span,
			 struct read_binding *binding)
{
	bool truth;
	bool good = false;

	switch (binding->kind) {
	case READ_TRUTH:
		good = word_is_truth(text, &binding->truth);
		break;
	case READ_WORD:
		good = ast_name_is_valid(text) && !word_is_truth(text, &truth);
		binding->word = text;
		break;
	case READ_NUMBER:
	case READ_BROKEN: /* only numbers can be */
		binding->kind = READ_NUMBER;
		if (constant_find(text) == CONSTANT_NONE) {
			good = text_is_number(text, &binding->number);
			break;
		}
		if (!reader_constant(reader, text, span, &binding->number))
			binding_break(reader, binding);
		good = true;
		break;
	case READ_SET:
	case READ_LOADED:
		break;
	}
	return good || reader_fail(reader, span, "a value of -D of another kind than the param's");
}

/* The last definition of a param counts, as with all options of a command. */
static bool param_override(struct reader *reader, const struct stmt *stmt,
			   struct read_binding *binding)
{
	const struct read_options *options = reader->options;

	for (size_t i = options->definition_count; i-- > 0;)
		if (strcmp(options->definitions[i].name, stmt->let.name.text) == 0)
			return param_define(reader, options->definitions[i].value, stmt->span,
					    binding);
	return true;
}

bool reader_define(struct reader *reader, const struct stmt *stmt)
{
	const struct ast_name *name = &stmt->let.name;
	struct read_binding binding = {.is_param = stmt->kind == STMT_PARAM, .word = name->text};

	if (reader_name_is_reserved(name->text))
		return reader_fail(reader, name->span, "a name that has a meaning of its own");
	if (read_names_find(&reader->binding_names, name->text) != READ_NAME_NONE)
		return reader_fail(reader, name->span, "a name that is given twice");
	if (!(binding.is_param ? param_value(reader, stmt->let.value, &binding)
			       : let_value(reader, stmt->let.value, &binding)))
		binding_break(reader, &binding);
	if (binding.is_param && !param_override(reader, stmt, &binding))
		return false;
	read_names_add(reader->arena, &reader->binding_names, name->text);
	*VEC_PUSH(reader->arena, &reader->bindings) = binding;
	return true;
}
