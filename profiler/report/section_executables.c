/* SPDX-License-Identifier: Apache-2.0 */
/* Who made the calls. */
#include "profiler/report/page.h"

#include <inttypes.h>

/* Calls that nobody else makes: what the policy could do without, were it not for this one. */
static void write_own(const struct report_page *page, const struct seen_executable *executable)
{
	VEC(const struct seen_call *) own = {0};

	for (size_t i = 0; i < executable->calls.count; i++)
		if (executable->calls.items[i]->executables.count == 1)
			*VEC_PUSH(page->input->arena, &own) = executable->calls.items[i];
	if (page->survey->executables.count < 2)
		return;
	html_raw(page->out, "<h3>Calls that it alone makes</h3>\n");
	page_call_list(page, own.items, own.count);
}

/* "dangerous: mounts, setns", where it made such calls. */
static void write_dangers(const struct report_page *page, const struct seen_executable *executable)
{
	bool any = false;

	for (size_t i = 0; i < page->dangers.count; i++) {
		const struct answered_entry *answered = &page->dangers.items[i];

		for (size_t j = 0; j < answered->users.items.count; j++) {
			if (answered->users.items.items[j] != executable)
				continue;
			html_raw(page->out, any ? ", " : " <span class=\"grave-note\">dangerous: ");
			html_text(page->out, answered->known->name);
			any = true;
		}
	}
	html_raw(page->out, any ? "</span>" : "");
}

static void write_executable(const struct report_page *page,
			     const struct seen_executable *executable)
{
	html_raw(page->out, "<tbody>\n<tr><th scope=\"row\">");
	page_foreign(page, executable->path[0] ? executable->path : "later ones together");
	if (executable->script) {
		html_raw(page->out, " <span class=\"why\">running ");
		page_foreign(page, executable->script);
		html_raw(page->out, "</span>");
	}
	write_dangers(page, executable);
	html_raw(page->out, "</th><td class=\"number\">");
	html_count(page->out, executable->started);
	html_raw(page->out, "</td><td class=\"number\">");
	html_count(page->out, executable->count);
	html_raw(page->out, "</td></tr>\n"
			    "<tr class=\"detail\"><td colspan=\"3\"><details><summary>");
	html_printf(page->out, "%zu different calls, in %zu of %zu runs", executable->calls.count,
		    executable->runs, page->input->recording->runs.count);
	html_raw(page->out, "</summary>\n");
	page_call_list(page, executable->calls.items, executable->calls.count);
	write_own(page, executable);
	html_raw(page->out, "</details></td></tr>\n</tbody>\n");
}

void section_executables(const struct report_page *page)
{
	static const char *const columns[] = {"Executable", "Started", "Calls"};
	const struct survey *survey = page->survey;
	size_t shown = survey->executables.count > SHOWN_EXECUTABLES ? SHOWN_EXECUTABLES
								     : survey->executables.count;

	page_section(page, "executables", "Executables",
		     "A filter survives exec: what can be enforced is what all of these need "
		     "together. An executable that alone makes a dangerous call is worth running "
		     "behind a policy of its own, or not at all.");
	page_table(page, "executables", "Executables by number of calls", columns, 3);
	for (size_t i = 0; i < shown; i++)
		write_executable(page, survey->executables.items[i]);
	html_raw(page->out, "</table>\n");
	page_more(page, survey->executables.count, shown, "executables");
	page_section_end(page);
}
