/* SPDX-License-Identifier: Apache-2.0 */
/* The runs that were put together. */
#include "profiler/report/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum {
	WORDS_SHOWN = 24, /* of a command */
};

/* "2026-01-02 03:04:05", in UTC, so that the page is the same everywhere. */
static void write_time(const struct report_page *page, int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;
	char text[64];

	if (gmtime_r(&time, &parts) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts))
		html_text(page->out, text);
	else
		html_printf(page->out, "%" PRId64, seconds);
}

static void write_duration(const struct report_page *page, uint64_t milliseconds)
{
	uint64_t seconds = milliseconds / 1000;

	if (seconds < 60)
		html_printf(page->out, "%" PRIu64 ".%03" PRIu64 " s", seconds, milliseconds % 1000);
	else if (seconds < 3600)
		html_printf(page->out, "%" PRIu64 " min %" PRIu64 " s", seconds / 60, seconds % 60);
	else
		html_printf(page->out, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600,
			    seconds / 60 % 60);
}

static void write_end(const struct report_page *page, const struct recorded_run *run)
{
	if (run->end == RECORDED_END_EXITED)
		html_printf(page->out, "exit status %d", run->end_value);
	else if (run->end == RECORDED_END_KILLED)
		html_printf(page->out, "killed by signal %d", run->end_value);
	else
		html_text(page->out, "it went on");
}

static void write_command(const struct report_page *page, const struct recorded_run *run)
{
	size_t count = run->command.count;

	html_raw(page->out, "<code>");
	for (size_t i = 0; i < count && i < WORDS_SHOWN; i++) {
		html_raw(page->out, i ? " " : "");
		html_text_cut(page->out, run->command.items[i], SHOWN_WORDS);
	}
	if (count > WORDS_SHOWN)
		html_printf(page->out, " ... (%zu words)", count);
	if (!count)
		html_printf(page->out, "%s ", recorded_scope_word(run->scope));
	if (!count && run->scope_name)
		page_foreign(page, run->scope_name);
	html_raw(page->out, "</code>");
}

static void write_run(const struct report_page *page, const struct recorded_run *run)
{
	html_raw(page->out, "<tr><th scope=\"row\">");
	write_command(page, run);
	html_raw(page->out, "<span class=\"why\">");
	page_foreign(page, run->tracer);
	html_raw(page->out, " on ");
	page_foreign(page, run->host);
	html_raw(page->out, ", Linux ");
	page_foreign(page, run->kernel);
	html_raw(page->out, ", ");
	page_foreign(page, run->machine);
	html_printf(page->out, ", run %.8s", run->id);
	html_raw(page->out, "</span></th><td class=\"nowrap\">");
	write_time(page, run->started);
	html_raw(page->out, "</td><td class=\"nowrap\">");
	write_duration(page, run->duration);
	if (run->served) {
		html_raw(page->out, "<span class=\"why\">serving after ");
		write_duration(page, run->serving_after);
		html_raw(page->out, "</span>");
	}
	html_raw(page->out, "</td><td>");
	write_end(page, run);
	html_raw(page->out, "</td></tr>\n");
}

void section_runs(const struct report_page *page)
{
	static const char *const columns[] = {"Command", "Began (UTC)", "Took", "Ended"};
	const struct recording *recording = page->input->recording;
	size_t shown = recording->runs.count > SHOWN_RUNS ? SHOWN_RUNS : recording->runs.count;

	page_section(page, "runs", "Runs", NULL);
	page_table(page, "runs", "Runs", columns, 4);
	html_raw(page->out, "<tbody>\n");
	for (size_t i = 0; i < shown; i++)
		write_run(page, recording->runs.items[i]);
	html_raw(page->out, "</tbody>\n</table>\n");
	page_more(page, recording->runs.count, shown, "runs");
	page_section_end(page);
}
