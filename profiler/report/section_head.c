/* SPDX-License-Identifier: Apache-2.0 */
/* What was recorded, in figures, and the way to the sections. */
#include "compiler/resolve/abi_list.h"
#include "profiler/report/page.h"

#include <string.h>

/* Different values of one member over all runs, SHOWN_NAMES at most. */
static void distinct(const struct report_page *page, const char *label,
		     const char *(*member)(const struct recorded_run *run))
{
	const struct recording *recording = page->input->recording;
	const char *known[SHOWN_NAMES];
	size_t count = 0, more = 0;

	for (size_t i = 0; i < recording->runs.count; i++) {
		const char *value = member(recording->runs.items[i]);
		size_t j = 0;

		if (!value || !value[0])
			continue;
		while (j < count && strcmp(known[j], value))
			j++;
		if (j == count && count < SHOWN_NAMES)
			known[count++] = value;
		else if (j == count)
			more++;
	}
	if (!count)
		return;
	html_element(page->out, "dt", NULL, label);
	html_raw(page->out, "<dd>");
	for (size_t i = 0; i < count; i++) {
		html_raw(page->out, i ? ", " : "");
		page_foreign(page, known[i]);
	}
	html_raw(page->out, more ? " and others</dd>\n" : "</dd>\n");
}

static const char *program_of(const struct recorded_run *run)
{
	return run->command.count ? run->command.items[0] : run->scope_name;
}

static const char *host_of(const struct recorded_run *run)
{
	return run->host;
}

static const char *kernel_of(const struct recorded_run *run)
{
	return run->kernel;
}

static const char *tracer_of(const struct recorded_run *run)
{
	return run->tracer;
}

static const char *rule_of(const struct recorded_run *run)
{
	return run->serving_rule;
}

static void write_facts(const struct report_page *page)
{
	const struct report_policy *policy = page->input->policy;

	html_raw(page->out, "<dl class=\"facts\">\n");
	distinct(page, "Recorded", program_of);
	distinct(page, "On", host_of);
	distinct(page, "Kernel", kernel_of);
	distinct(page, "Tracer", tracer_of);
	distinct(page, "Serves when", rule_of);
	html_raw(page->out, "<dt>Runs</dt><dd>");
	html_counted(page->out, page->input->recording->runs.count, "run", "runs");
	html_raw(page->out, ", ");
	html_counted(page->out, page->survey->processes, "process", "processes");
	html_raw(page->out, ", ");
	html_counted(page->out, page->survey->threads, "thread", "threads");
	html_raw(page->out, "</dd>\n<dt>Policy</dt><dd>");
	page_foreign(page, policy->name);
	html_text(page->out, policy->inferred
				     ? ", which pale generate makes of this recording, for "
				     : ", for ");
	html_text(page->out, abi_list(page->input->arena, policy->abis, ABI_ALL));
	html_raw(page->out, "</dd>\n</dl>\n");
}

static void figure(const struct report_page *page, const char *href, const char *number,
		   const char *text)
{
	text_printf(page->out, "<li><a href=\"#%s\"><strong>", href);
	html_text(page->out, number);
	html_raw(page->out, "</strong><span>");
	html_text(page->out, text);
	html_raw(page->out, "</span></a></li>\n");
}

static const char *count_text(struct arena *arena, uint64_t count)
{
	struct text text = {0};
	const char *copy;

	html_count(&text, count);
	copy = arena_copy(arena, text.bytes ? text.bytes : "", text.length);
	text_release(&text);
	return copy;
}

static void write_figures(const struct report_page *page)
{
	struct arena *arena = page->input->arena;
	const struct surface *surface = &page->surface;
	unsigned int open = surface->calls - surface->all[STANDING_DENIED];
	unsigned int used = 0, blocked = 0;

	for (size_t i = 0; i < page->dangers.count; i++)
		used += page->dangers.items[i].use != ENTRY_UNUSED;
	for (size_t i = 0; i < page->weaknesses.count; i++)
		blocked += page->weaknesses.items[i].known->entry &&
			   page->weaknesses.items[i].standing <= STANDING_DENIED;
	html_raw(page->out, "<ul class=\"figures\">\n");
	figure(page, "calls", count_text(arena, page->survey->count),
	       arena_printf(arena, "calls%s, %zu different ones",
			    page->survey->at_least ? " at least" : "", page->survey->calls.count));
	figure(page, "surface", arena_printf(arena, "%u of %u", open, surface->calls),
	       arena_printf(arena, "calls of %s stay open, %u of them with conditions",
			    page->main->name, surface->all[STANDING_CONDITIONS]));
	figure(page, "dangers", arena_printf(arena, "%u of %zu", used, page->dangers.count),
	       "kinds of dangerous calls are used");
	figure(page, "weaknesses",
	       arena_printf(arena, "%u of %zu", blocked, page->weaknesses.count),
	       "entries of known weaknesses are closed");
	html_raw(page->out, "</ul>\n");
}

void section_head(const struct report_page *page)
{
	static const struct {
		const char *id;
		const char *text;
	} sections[] = {
		{"limits", "What to know first"},
		{"surface", "Kernel surface"},
		{"dangers", "Dangerous calls"},
		{"weaknesses", "Known weaknesses"},
		{"calls", "Calls"},
		{"phases", "Phases"},
		{"executables", "Executables"},
		{"runs", "Runs"},
	};

	html_raw(page->out, "<header>\n<p class=\"kicker\">pale report</p>\n");
	html_element(page->out, "h1", NULL, page->input->title);
	html_raw(page->out, "\n");
	write_facts(page);
	write_figures(page);
	html_raw(page->out, "<nav aria-label=\"Sections\"><ul>\n");
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		text_printf(page->out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
			    sections[i].text);
	html_raw(page->out, "</ul></nav>\n</header>\n");
}
