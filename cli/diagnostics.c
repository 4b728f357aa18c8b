/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diagnostics.h"

#include "cli/command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Source names and texts are bytes of the user's; JSON holds UTF-8 only. */
static json_t *json_text(const char *bytes)
{
	json_t *string = json_string(bytes);
	char *ascii;

	if (string)
		return string;
	ascii = strdup(bytes);
	if (!ascii)
		return NULL;
	for (char *at = ascii; *at; at++)
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	string = json_string(ascii);
	free(ascii);
	return string;
}

static json_t *json_place(const struct diags *diags, struct span span)
{
	const struct source *source = sources_get(diags->sources, span.file);
	struct position begin, end;

	if (!source)
		return json_null();
	begin = sources_position(diags->sources, span.file, span.begin);
	end = sources_position(diags->sources, span.file, span.end);
	return json_pack("{s:o, s:I, s:I, s:I, s:I}", "file", json_text(source->name), "line",
			 (json_int_t)begin.line, "column", (json_int_t)begin.column, "end_line",
			 (json_int_t)end.line, "end_column", (json_int_t)end.column);
}

static json_t *json_diag(const struct diags *diags, const struct diag *diag)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < diag->notes.count; i++)
		json_array_append_new(
			notes, json_pack("{s:o, s:o}", "text", json_text(diag->notes.items[i].text),
					 "place", json_place(diags, diag->notes.items[i].span)));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "severity",
			 diag_severity_text(diag->severity), "code", diag_code_text(diag->code),
			 "text", json_text(diag->text), "suggestion",
			 diag->suggestion ? json_text(diag->suggestion) : json_null(), "place",
			 json_place(diags, diag->span), "notes", notes);
}

static bool diag_is_shown(const struct diag *diag, struct diagnostics_style style)
{
	return style.remarks || diag->severity != DIAG_REMARK;
}

static void print_json(const struct diags *diags, struct diagnostics_style style)
{
	json_t *list = json_array(), *all;

	for (size_t i = 0; i < diags->list.count; i++)
		if (diag_is_shown(diags->list.items[i], style))
			json_array_append_new(list, json_diag(diags, diags->list.items[i]));
	all = json_pack("{s:I, s:I, s:o}", "errors", (json_int_t)diags->errors, "warnings",
			(json_int_t)diags->warnings, "diagnostics", list);
	if (!all || json_dumpf(all, stderr, JSON_INDENT(2)) != 0)
		command_error("no memory to report %u errors as JSON", diags->errors);
	fputc('\n', stderr);
	json_decref(all);
}

static void print_text(const struct diags *diags, struct diagnostics_style style)
{
	struct text text = {0};

	for (size_t i = 0; i < diags->list.count; i++)
		if (diag_is_shown(diags->list.items[i], style))
			diag_render(diags, diags->list.items[i], &text);
	if (diags->errors > DIAG_ERRORS_MAX)
		text_printf(&text, "%u further errors are not shown\n",
			    diags->errors - DIAG_ERRORS_MAX);
	if (text.length)
		fwrite(text.bytes, 1, text.length, stderr);
	if (text.failed)
		command_error("no memory to report %u errors", diags->errors);
	text_release(&text);
}

void diagnostics_print(struct diags *diags, struct diagnostics_style style)
{
	fflush(stdout);
	diags_sort(diags);
	if (style.json)
		print_json(diags, style);
	else
		print_text(diags, style);
}
