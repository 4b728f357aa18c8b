/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/page.h"

#include "profiler/recording/recording.h"
#include "profiler/report/style.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void page_section(const struct report_page *page, const char *id, const char *title,
		  const char *lead)
{
	text_printf(page->out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n", id, id);
	text_printf(page->out, "<h2 id=\"%s-title\">", id);
	html_text(page->out, title);
	html_raw(page->out, "</h2>\n");
	if (lead)
		html_element(page->out, "p", "lead", lead);
	html_raw(page->out, "\n");
}

void page_section_end(const struct report_page *page)
{
	html_raw(page->out, "</section>\n");
}

void page_table(const struct report_page *page, const char *class, const char *caption,
		const char *const *columns, size_t count)
{
	text_printf(page->out, "<table class=\"%s\">\n", class);
	html_element(page->out, "caption", NULL, caption);
	html_raw(page->out, "\n<thead><tr>");
	for (size_t i = 0; i < count; i++) {
		html_raw(page->out, "<th scope=\"col\">");
		html_text(page->out, columns[i]);
		html_raw(page->out, "</th>");
	}
	html_raw(page->out, "</tr></thead>\n");
}

void page_foreign(const struct report_page *page, const char *text)
{
	html_raw(page->out, "<bdi>");
	html_text_cut(page->out, text, SHOWN_WORDS);
	html_raw(page->out, "</bdi>");
}

void page_standing(const struct report_page *page, enum standing standing, const char *word)
{
	text_printf(page->out, "<span class=\"tag %s\">", standing_class(standing));
	html_text(page->out, word ? word : standing_text(standing));
	html_raw(page->out, "</span>");
}

void page_users(const struct report_page *page, struct seen_executable *const *users, size_t count)
{
	size_t shown = count > SHOWN_NAMES ? SHOWN_NAMES : count;

	for (size_t i = 0; i < shown; i++) {
		html_raw(page->out, i ? ", " : "");
		html_raw(page->out, "<bdi>");
		html_text_cut(page->out, users[i]->label, SHOWN_LABEL);
		html_raw(page->out, "</bdi>");
	}
	if (shown < count)
		html_printf(page->out, " and %zu more", count - shown);
}

void page_bar(const struct report_page *page, uint64_t part, uint64_t whole)
{
	double share = whole ? (double)part / (double)whole : 0;
	unsigned int permille = (unsigned int)(share * 1000 + 0.5);

	text_printf(page->out, "<span class=\"bar\"><span style=\"width:%u.%u%%\"></span></span>",
		    permille / 10, permille % 10);
}

void page_call(const struct report_page *page, const struct seen_call *call)
{
	abi_set abis = page->survey->abis | page->input->policy->abis;

	html_element(page->out, "code", NULL, call->name);
	if (abis & (abis - 1))
		html_printf(page->out, " %s", abi_get(call->abi)->name);
}

void page_call_list(const struct report_page *page, const struct seen_call *const *calls,
		    size_t count)
{
	size_t shown = count > SHOWN_LIST ? SHOWN_LIST : count;

	html_raw(page->out, count ? "<p class=\"names\">" : "<p class=\"none\">none");
	for (size_t i = 0; i < shown; i++) {
		html_raw(page->out, i ? ", " : "");
		page_call(page, calls[i]);
	}
	if (shown < count)
		html_printf(page->out, " and %zu more", count - shown);
	html_raw(page->out, "</p>\n");
}

void page_more(const struct report_page *page, size_t count, size_t shown, const char *what)
{
	if (count <= shown)
		return;
	html_raw(page->out, "<p class=\"more\">And ");
	html_count(page->out, count - shown);
	html_printf(page->out, " more %s, which are not shown.", what);
	html_raw(page->out, "</p>\n");
}

static void answer(struct report_page *page, const struct known_entry *known,
		   struct answered_entry *into)
{
	*into = (struct answered_entry){.known = known};
	if (!known->entry)
		return;
	into->entry = entry_read(page->input, known->entry, page->abis);
	into->standing = entry_standing(page->input, &into->entry, &into->open);
	into->use = entry_used(page->input, page->survey, &into->entry, &into->users);
}

static void answer_all(struct report_page *page)
{
	struct arena *arena = page->input->arena;

	for (size_t i = 0; i < known_danger_count; i++)
		answer(page, &known_dangers[i], VEC_PUSH(arena, &page->dangers));
	for (size_t i = 0; i < known_weakness_count; i++)
		answer(page, &known_weaknesses[i], VEC_PUSH(arena, &page->weaknesses));
}

static const struct abi *choose_main(const struct report_page *page)
{
	const struct abi *main = abi_get(page->survey->main_abi);

	if (page->input->policy->abis & ABI_BIT(main->id))
		return main;
	return abi_first(page->input->policy->abis);
}

static void write_head(const struct report_page *page)
{
	struct text *out = page->out;

	html_raw(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" "
		      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n");
	html_element(out, "title", NULL, page->input->title);
	html_raw(out, "\n<style>\n");
	text_add(out, report_style, report_style_length);
	html_raw(out, "</style>\n</head>\n<body>\n<main>\n");
}

int report_write(const struct report_input *input, struct text *out)
{
	struct report_page page = {.input = input, .out = out};

	page.survey = survey_make(input->arena, input->recording);
	for (size_t i = 0; i < input->policy->machines.count; i++)
		page.abis |= input->policy->machines.items[i].abis;
	page.main = choose_main(&page);
	page.surface = surface_measure(input, page.main);
	answer_all(&page);
	write_head(&page);
	section_head(&page);
	section_limits(&page);
	section_surface(&page);
	section_dangers(&page);
	section_weaknesses(&page);
	section_calls(&page);
	section_phases(&page);
	section_executables(&page);
	section_runs(&page);
	html_raw(out, "</main>\n</body>\n</html>\n");
	if (out->failed)
		return -ENOMEM;
	return input->policy->diagrams->overflow ? -E2BIG : 0;
}
