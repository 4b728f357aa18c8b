/* SPDX-License-Identifier: Apache-2.0 */
/* What a server needs to start and no longer afterwards. */
#include "profiler/infer/gather.h"
#include "profiler/report/page.h"

typedef VEC(const struct seen_call *) call_list;

static void write_list(const struct report_page *page, const char *title, const call_list *calls)
{
	html_raw(page->out, "<div>\n<h3>");
	html_text(page->out, title);
	html_printf(page->out, " (%zu)", calls->count);
	html_raw(page->out, "</h3>\n");
	page_call_list(page, calls->items, calls->count);
	html_raw(page->out, "</div>\n");
}

/* How often CALL was made in PHASE by runs in which something began to serve. */
static uint64_t count_in(const struct seen_call *call, enum recorded_phase phase)
{
	uint64_t count = 0;

	for (size_t i = 0; i < call->record_count; i++)
		if (call->records[i].run->served && call->records[i].call->phase == phase)
			count = count_add(count, call->records[i].call->count);
	return count;
}

static void write_lists(const struct report_page *page)
{
	const struct survey *survey = page->survey;
	call_list start = {0}, both = {0}, serving = {0};

	for (size_t i = 0; i < survey->calls.count; i++) {
		const struct seen_call *call = survey->calls.items[i];
		bool starts = count_in(call, PHASE_START) > 0;
		call_list *into = NULL;

		if (count_in(call, PHASE_SERVING))
			into = starts ? &both : &serving;
		else if (starts)
			into = &start;
		if (into)
			*VEC_PUSH(page->input->arena, into) = call;
	}
	html_raw(page->out, "<p>A second, tighter filter that is put on when serving begins could "
			    "deny <strong>");
	html_count(page->out, start.count);
	html_raw(page->out, "</strong> of the ");
	html_count(page->out, start.count + both.count + serving.count);
	html_raw(page->out, " calls that were seen in runs that served.</p>\n"
			    "<div class=\"columns\">\n");
	write_list(page, "Only to start", &start);
	write_list(page, "In both", &both);
	write_list(page, "Only when serving", &serving);
	html_raw(page->out, "</div>\n");
}

void section_phases(const struct report_page *page)
{
	page_section(page, "phases", "Phases", NULL);
	if (page->survey->served)
		write_lists(page);
	else
		html_element(page->out, "p", "none",
			     "No process was seen to begin to serve, so nothing tells what is "
			     "needed to start from what is needed afterwards.");
	page_section_end(page);
}
