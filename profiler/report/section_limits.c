/* SPDX-License-Identifier: Apache-2.0 */
/* What the recording cannot tell, before anybody relies on the rest. */
#include "profiler/report/page.h"

#include <inttypes.h>
#include <string.h>

static void begin(const struct report_page *page, bool grave, const char *text)
{
	html_raw(page->out, grave ? "<li class=\"grave\">" : "<li>");
	html_text(page->out, text);
}

static void end(const struct report_page *page)
{
	html_raw(page->out, "</li>\n");
}

static void say(const struct report_page *page, bool grave, const char *text)
{
	begin(page, grave, text);
	end(page);
}

/* How many runs have KIND among what was unseen, and of which executables. */
static void say_unseen(const struct report_page *page, enum unseen_kind kind)
{
	const struct recording *recording = page->input->recording;
	const char *paths[SHOWN_NAMES];
	size_t runs = 0, shown = 0, more = 0;

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];
		bool here = false;

		for (size_t j = 0; j < run->unseen.count; j++) {
			const char *path = run->unseen.items[j].path;
			size_t k = 0;

			if (run->unseen.items[j].kind != kind)
				continue;
			here = true;
			while (path && k < shown && strcmp(paths[k], path))
				k++;
			if (path && k == shown && shown < SHOWN_NAMES)
				paths[shown++] = path;
			else if (path && k == shown)
				more++;
		}
		runs += here;
	}
	if (!runs)
		return;
	begin(page, true, "");
	html_printf(page->out, "%s, in %zu of %zu runs", unseen_kind_text(kind), runs,
		    recording->runs.count);
	for (size_t i = 0; i < shown; i++) {
		html_raw(page->out, i ? ", " : ": ");
		page_foreign(page, paths[i]);
	}
	html_raw(page->out, more ? " and others." : ".");
	end(page);
}

/* How many runs PREDICATE holds for. */
static size_t runs_with(const struct report_page *page,
			bool (*predicate)(const struct recorded_run *run))
{
	const struct recording *recording = page->input->recording;
	size_t count = 0;

	for (size_t i = 0; i < recording->runs.count; i++)
		count += predicate(recording->runs.items[i]);
	return count;
}

static bool is_only_denied(const struct recorded_run *run)
{
	return run->only_denied;
}

static bool counts_least(const struct recorded_run *run)
{
	return run->counts_are_least;
}

static bool lacks_results(const struct recorded_run *run)
{
	return !run->results_seen;
}

static bool outlived(const struct recorded_run *run)
{
	return run->end == RECORDED_END_UNKNOWN;
}

static void say_runs(const struct report_page *page, bool grave, size_t count, const char *text)
{
	if (!count)
		return;
	begin(page, grave, "");
	html_printf(page->out, "In %zu of %zu runs %s.", count, page->input->recording->runs.count,
		    text);
	end(page);
}

static void say_numbers(const struct report_page *page)
{
	size_t count = 0;

	for (size_t i = 0; i < page->survey->calls.count; i++)
		count += page->survey->calls.items[i]->call == CALL_NONE;
	if (!count)
		return;
	begin(page, true, "");
	html_counted(page->out, count, "number was", "numbers were");
	html_text(page->out, " called that this pale has no name for.");
	end(page);
}

void section_limits(const struct report_page *page)
{
	page_section(page, "limits", "What to know first", NULL);
	html_raw(page->out, "<ul class=\"limits\">\n");
	if (page->survey->lost) {
		begin(page, true, "");
		html_counted(page->out, page->survey->lost, "call was", "calls were");
		html_text(page->out, " made and lost: this recording is not whole, and a policy "
				     "that is made of it may deny what the program needs.");
		end(page);
	}
	say_runs(page, true, runs_with(page, is_only_denied),
		 "only those calls are listed that a policy in force would have denied");
	for (int kind = 0; kind < UNSEEN_KIND_COUNT; kind++)
		say_unseen(page, (enum unseen_kind)kind);
	say_numbers(page);
	say_runs(page, false, runs_with(page, counts_least),
		 "calls that were known passed uncounted: counts are what was seen at least");
	say_runs(page, false, runs_with(page, lacks_results),
		 "the results of calls were not seen: errors are missing");
	say_runs(page, false, runs_with(page, outlived),
		 "the program had not ended when the recording did");
	say(page, false,
	    "A recording shows what was done, not all that the program can do. What it did not do "
	    "while it was recorded, a policy made of it denies.");
	say(page, false,
	    "A filter sees the number of a call and its registers: no path, no address of a socket, "
	    "nothing behind a pointer.");
	html_raw(page->out, "</ul>\n");
	page_section_end(page);
}
