/* SPDX-License-Identifier: Apache-2.0 */
/* Every call that was seen, the most frequent first. */
#include "profiler/infer/gather.h"
#include "profiler/report/arguments.h"
#include "profiler/report/page.h"

#include <inttypes.h>
#include <stdlib.h>

struct seen_error {
	int number;
	uint64_t count;
};
struct seen_errors {
	VEC(struct seen_error) items;
	bool more; /* some results were not seen */
};

static int order_errors(const void *left, const void *right)
{
	const struct seen_error *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->number > b->number) - (a->number < b->number);
}

static void add_error(struct arena *arena, struct seen_errors *errors,
		      const struct recorded_error *error)
{
	for (size_t i = 0; i < errors->items.count; i++) {
		struct seen_error *known = &errors->items.items[i];

		if (known->number != error->number)
			continue;
		known->count = count_add(known->count, error->count);
		return;
	}
	*VEC_PUSH(arena, &errors->items) = (struct seen_error){error->number, error->count};
}

static struct seen_errors gather_errors(struct arena *arena, const struct seen_call *call)
{
	struct seen_errors errors = {0};

	for (size_t i = 0; i < call->record_count; i++) {
		const struct recorded_call *from = call->records[i].call;

		errors.more |= !call->records[i].run->results_seen;
		for (size_t j = 0; j < from->errors.count; j++)
			add_error(arena, &errors, &from->errors.items[j]);
	}
	if (errors.items.count)
		qsort(errors.items.items, errors.items.count, sizeof(struct seen_error),
		      order_errors);
	return errors;
}

static void write_phases(const struct report_page *page, const struct seen_call *call)
{
	bool start = call->phases[PHASE_START], serving = call->phases[PHASE_SERVING];

	html_text(page->out, start && serving ? "both" : serving ? "serving" : "start");
}

/* One line: the first values of the first arguments, errors, and who made it. */
static void write_summary(const struct report_page *page, const struct seen_call *call,
			  const struct seen_arguments *arguments, const struct seen_errors *errors)
{
	struct arena *arena = page->input->arena;
	bool any = false;

	for (size_t i = 0; i < arguments->items.count; i++) {
		const struct seen_argument *argument = &arguments->items.items[i];
		size_t count = argument->values.count;

		if (!argument->ruled || !count)
			continue;
		html_raw(page->out, any ? "; " : "");
		html_printf(page->out, "%s %s", argument->name,
			    argument_value(arena, call, argument, argument->values.items[0].value));
		if (count > 1 || argument->more)
			html_printf(page->out, " and %zu more", count - 1);
		any = true;
	}
	if (errors->items.count) {
		html_raw(page->out, any ? "; " : "");
		html_printf(page->out, "%s %" PRIu64,
			    error_name(arena, call, errors->items.items[0].number),
			    errors->items.items[0].count);
		any = true;
	}
	html_raw(page->out, any ? "; by " : "by ");
	page_users(page, call->executables.items, call->executables.count);
}

static void write_argument(const struct report_page *page, const struct seen_call *call,
			   const struct seen_argument *argument)
{
	struct arena *arena = page->input->arena;
	size_t count = argument->values.count;
	size_t shown = count > SHOWN_VALUES ? SHOWN_VALUES : count;
	const char *range = argument_range(arena, call, argument);

	if (!(argument->ruled && count) && !range)
		return;
	html_element(page->out, "dt", NULL, argument->name);
	html_raw(page->out, "<dd>");
	for (size_t i = 0; argument->ruled && i < shown; i++) {
		html_raw(page->out, i ? ", " : "");
		html_element(
			page->out, "code", NULL,
			argument_value(arena, call, argument, argument->values.items[i].value));
		html_raw(page->out, " ");
		html_count(page->out, argument->values.items[i].count);
	}
	if (argument->ruled && shown < count)
		html_printf(page->out, " and %zu more", count - shown);
	if (argument->ruled && argument->more)
		html_text(page->out, count ? "; there were others, which the recording did not keep"
					   : "more values than the recording keeps");
	else if (!argument->ruled)
		html_text(page->out, range);
	if (argument->behind)
		html_text(page->out, " (behind a pointer: no filter sees it)");
	html_raw(page->out, "</dd>\n");
}

static void write_errors(const struct report_page *page, const struct seen_call *call,
			 const struct seen_errors *errors)
{
	html_raw(page->out, "<dt>Failed</dt><dd>");
	for (size_t i = 0; i < errors->items.count; i++) {
		html_raw(page->out, i ? ", " : "");
		html_element(page->out, "code", NULL,
			     error_name(page->input->arena, call, errors->items.items[i].number));
		html_raw(page->out, " ");
		html_count(page->out, errors->items.items[i].count);
	}
	if (errors->more)
		html_text(page->out, errors->items.count
					     ? ", and perhaps more: not all results were seen"
					     : "results were not seen");
	else if (!errors->items.count)
		html_text(page->out, "never");
	html_raw(page->out, "</dd>\n");
}

/* Who made it how often: records stand by executable. */
static void write_makers(const struct report_page *page, const struct seen_call *call)
{
	size_t shown = 0, at = 0;

	html_raw(page->out, "<dt>By</dt><dd>");
	while (at < call->record_count && shown < SHOWN_MAKERS) {
		const struct seen_executable *executable = call->records[at].executable;
		uint64_t count = 0;

		for (; at < call->record_count && call->records[at].executable == executable; at++)
			count = count_add(count, call->records[at].call->count);
		html_raw(page->out, shown++ ? ", <bdi>" : "<bdi>");
		html_text_cut(page->out, executable->label, SHOWN_LABEL);
		html_raw(page->out, "</bdi> ");
		html_count(page->out, count);
	}
	if (shown < call->executables.count)
		html_printf(page->out, " and %zu more", call->executables.count - shown);
	html_raw(page->out, "</dd>\n");
}

static void write_details(const struct report_page *page, const struct seen_call *call)
{
	struct arena *arena = page->input->arena;
	struct seen_arguments arguments = arguments_gather(arena, call);
	struct seen_errors errors = gather_errors(arena, call);

	html_raw(page->out, "<details><summary>");
	write_summary(page, call, &arguments, &errors);
	html_raw(page->out, "</summary>\n<dl>\n<dt>Call</dt><dd>");
	html_element(page->out, "code", NULL, call_signature(arena, call));
	html_printf(page->out, " on %s, number %" PRIu32, abi_get(call->abi)->name, call->number);
	html_raw(page->out, "</dd>\n");
	for (size_t i = 0; i < arguments.items.count; i++)
		write_argument(page, call, &arguments.items.items[i]);
	write_errors(page, call, &errors);
	write_makers(page, call);
	if (page->survey->served) {
		html_raw(page->out, "<dt>Phases</dt><dd>start ");
		html_count(page->out, call->phases[PHASE_START]);
		html_raw(page->out, ", serving ");
		html_count(page->out, call->phases[PHASE_SERVING]);
		html_raw(page->out, "</dd>\n");
	}
	html_raw(page->out, "<dt>Policy</dt><dd>");
	html_element(page->out, "code", NULL,
		     judge_text(page->input, abi_get(call->abi), call->number));
	html_raw(page->out, "</dd>\n</dl>\n</details>");
}

static void write_call(const struct report_page *page, const struct seen_call *call, uint64_t most)
{
	html_raw(page->out, "<tbody>\n<tr><th scope=\"row\">");
	page_call(page, call);
	html_raw(page->out, "</th><td class=\"often\">");
	html_raw(page->out, "<span class=\"number\">");
	html_raw(page->out, call->at_least ? "&ge; " : "");
	html_count(page->out, call->count);
	html_raw(page->out, "</span>");
	page_bar(page, call->count, most);
	html_raw(page->out, "</td>");
	if (page->survey->served) {
		html_raw(page->out, "<td class=\"phase\">");
		write_phases(page, call);
		html_raw(page->out, "</td>");
	}
	html_raw(page->out, "<td class=\"verdict\">");
	page_standing(page, judge_calls(page->input, abi_get(call->abi), call->number, DIAGRAM_ALL),
		      NULL);
	text_printf(page->out, "</td></tr>\n<tr class=\"detail\"><td colspan=\"%d\">",
		    page->survey->served ? 4 : 3);
	write_details(page, call);
	html_raw(page->out, "</td></tr>\n</tbody>\n");
}

void section_calls(const struct report_page *page)
{
	static const char *const with_phases[] = {"Call", "How often", "Phase", "Policy"};
	static const char *const without[] = {"Call", "How often", "Policy"};
	const struct survey *survey = page->survey;
	size_t shown = survey->calls.count > SHOWN_CALLS ? SHOWN_CALLS : survey->calls.count;
	uint64_t most = shown ? survey->calls.items[0]->count : 0;

	page_section(
		page, "calls", "Calls",
		survey->at_least
			? "The most frequent first. Open a line for the arguments, the errors, "
			  "and what the policy asks for. Counts with a sign in front are what "
			  "was seen at least."
			: "The most frequent first. Open a line for the arguments, the errors, "
			  "and what the policy asks for.");
	page_table(page, "calls", "Calls by frequency", survey->served ? with_phases : without,
		   survey->served ? 4 : 3);
	for (size_t i = 0; i < shown; i++)
		write_call(page, survey->calls.items[i], most);
	html_raw(page->out, "</table>\n");
	page_more(page, survey->calls.count, shown, "calls");
	page_section_end(page);
}
