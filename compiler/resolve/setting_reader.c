/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the values of one setting of a sandbox, from the left. */
#include "compiler/resolve/report.h"
#include "compiler/resolve/sandbox_resolve.h"

#include <inttypes.h>
#include <string.h>

static const struct setting_value *peek(const struct setting_reader *reader)
{
	if (reader->next == reader->setting->values.count)
		return NULL;
	return &reader->setting->values.items[reader->next];
}

struct span setting_next_span(const struct setting_reader *reader)
{
	const struct setting_value *value = peek(reader);

	return value ? value->span : reader->setting->name.span;
}

void setting_report_wanted(struct setting_reader *reader, const char *wanted)
{
	const char *name = reader->setting->name.text;

	if (setting_at_end(reader))
		resolver_error(reader->resolver, DIAG_SETTING_VALUE, setting_next_span(reader),
			       "`%s` lacks %s", name, wanted);
	else
		resolver_error(reader->resolver, DIAG_SETTING_VALUE, setting_next_span(reader),
			       "`%s` wants %s here", name, wanted);
}

static const struct setting_value *read_kind(struct setting_reader *reader,
					     enum setting_value_kind kind, const char *wanted)
{
	const struct setting_value *value = peek(reader);

	if (!value || value->kind != kind) {
		setting_report_wanted(reader, wanted);
		return NULL;
	}
	reader->next++;
	return value;
}

bool setting_read_number(struct setting_reader *reader, uint64_t most, const char *wanted,
			 uint64_t *number)
{
	const struct setting_value *value = read_kind(reader, SETTING_NUMBER, wanted);

	if (!value)
		return false;
	*number = value->number;
	if (*number <= most)
		return true;
	resolver_error(reader->resolver, DIAG_SETTING_VALUE, value->span, "%s is at most %" PRIu64,
		       wanted, most);
	return false;
}

const struct setting_value *setting_read_word(struct setting_reader *reader, const char *wanted)
{
	return read_kind(reader, SETTING_WORD, wanted);
}

const struct setting_value *setting_read_string(struct setting_reader *reader, const char *wanted)
{
	return read_kind(reader, SETTING_STRING, wanted);
}

bool setting_take_word(struct setting_reader *reader, const char *word)
{
	const struct setting_value *value = peek(reader);

	if (!value || value->kind != SETTING_WORD || strcmp(value->text, word) != 0)
		return false;
	reader->next++;
	return true;
}

bool setting_take_comma(struct setting_reader *reader)
{
	const struct setting_value *value = peek(reader);

	if (!value || value->kind != SETTING_COMMA)
		return false;
	reader->next++;
	return true;
}

bool setting_at_end(const struct setting_reader *reader)
{
	return !peek(reader);
}

bool setting_read_end(struct setting_reader *reader)
{
	if (setting_at_end(reader))
		return true;
	resolver_error(reader->resolver, DIAG_SETTING_VALUE, setting_next_span(reader),
		       "`%s` takes nothing more here", reader->setting->name.text);
	return false;
}
