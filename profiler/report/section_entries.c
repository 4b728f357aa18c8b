/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of dangerous calls and of known weaknesses. */
#include "profiler/report/page.h"

#include <string.h>

/* "used by nginx", "perhaps, by sh", "not used" */
static void write_use(const struct report_page *page, const struct answered_entry *answered)
{
	static const char *const words[] = {
		[ENTRY_UNUSED] = "not used",
		[ENTRY_UNCLEAR] = "perhaps, by ",
		[ENTRY_USED] = "used by ",
	};

	html_raw(page->out, answered->use == ENTRY_UNUSED ? "<span class=\"quiet\">"
							  : "<span class=\"used\">");
	html_raw(page->out, words[answered->use]);
	page_users(page, answered->users.items.items, answered->users.items.count);
	html_raw(page->out, "</span>");
}

/* The calls by which it is still reached, each once. */
static void write_open(const struct report_page *page, const struct answered_entry *answered)
{
	const struct entry_ways *open = &answered->open;

	if (answered->entry.problem) {
		html_printf(page->out, "could not be asked: %s", answered->entry.problem);
		return;
	}
	for (size_t i = 0; i < open->items.count; i++) {
		const struct entry_way *way = open->items.items[i];

		html_raw(page->out, i ? ", " : "by ");
		html_element(page->out, "code", NULL,
			     way->call == CALL_NONE ? "?" : call_get(way->call)->name);
		if (page->abis & (page->abis - 1) && way->abi != page->main)
			html_printf(page->out, " of %s", way->abi->name);
	}
}

static void write_danger(const struct report_page *page, const struct answered_entry *answered)
{
	html_raw(page->out, "<tr><th scope=\"row\">");
	html_text(page->out, answered->known->name);
	html_raw(page->out, "<span class=\"why\">");
	html_text(page->out, answered->known->why);
	html_raw(page->out, "</span></th><td>");
	write_use(page, answered);
	html_raw(page->out, "</td><td>");
	page_standing(page, answered->standing, NULL);
	if (answered->standing > STANDING_DENIED) {
		html_raw(page->out, " <span class=\"quiet\">");
		write_open(page, answered);
		html_raw(page->out, "</span>");
	}
	html_raw(page->out, "</td></tr>\n");
}

/* First what is used, then what is open, then the rest. */
static unsigned int rank(const struct answered_entry *answered)
{
	if (answered->use != ENTRY_UNUSED)
		return 0;
	return answered->standing > STANDING_DENIED ? 1 : 2;
}

static void write_io_uring(const struct report_page *page)
{
	const struct survey *survey = page->survey;

	if (!survey->operations.count)
		return;
	html_raw(page->out, "<h3>Operations of io_uring</h3>\n<p>No filter sees these, wherever "
			    "<code>io_uring_enter</code> is allowed: ");
	for (size_t i = 0; i < survey->operations.count; i++) {
		const struct seen_operation *operation = &survey->operations.items[i];

		html_raw(page->out, i ? ", " : "");
		if (operation->name)
			html_element(page->out, "code", NULL, operation->name);
		else
			html_printf(page->out, "number %u", operation->opcode);
		html_raw(page->out, " ");
		html_count(page->out, operation->count);
	}
	html_raw(page->out, ".</p>\n");
}

void section_dangers(const struct report_page *page)
{
	static const char *const columns[] = {"Calls", "In the recording", "By the policy"};

	page_section(page, "dangers", "Dangerous calls",
		     "Calls that lead far and that few programs need: who used them, and what the "
		     "policy says to them. What is used and not expected deserves a look at the "
		     "program; what is open and not used, a look at the policy.");
	page_table(page, "entries", "Dangerous calls", columns, 3);
	html_raw(page->out, "<tbody>\n");
	for (unsigned int wanted = 0; wanted < 3; wanted++)
		for (size_t i = 0; i < page->dangers.count; i++)
			if (rank(&page->dangers.items[i]) == wanted)
				write_danger(page, &page->dangers.items[i]);
	html_raw(page->out, "</tbody>\n</table>\n");
	write_io_uring(page);
	page_section_end(page);
}

static void write_verdict(const struct report_page *page, const struct answered_entry *answered)
{
	static const char *const words[STANDING_COUNT] = {
		[STANDING_ABSENT] = "closed",     [STANDING_DENIED] = "closed",
		[STANDING_ASKED] = "asked about", [STANDING_CONDITIONS] = "open",
		[STANDING_ALLOWED] = "open",
	};

	if (!answered->known->entry) {
		page_standing(page, STANDING_ABSENT, "no filter can tell");
		return;
	}
	page_standing(page, answered->standing, words[answered->standing]);
	html_raw(page->out, " <span class=\"quiet\">");
	if (answered->standing == STANDING_ABSENT)
		html_text(page->out, "no such call on these machines");
	else if (answered->standing > STANDING_DENIED)
		write_open(page, answered);
	html_raw(page->out, "</span>");
}

static void write_weakness(const struct report_page *page, const struct answered_entry *answered)
{
	html_raw(page->out, "<tr><th scope=\"row\"><span class=\"nowrap\">");
	html_text(page->out, answered->known->name);
	html_raw(page->out, "</span> <span class=\"where\">");
	html_text(page->out, answered->known->where);
	html_raw(page->out, "</span><span class=\"why\">");
	html_text(page->out, answered->known->why);
	html_raw(page->out, "</span></th><td>");
	write_verdict(page, answered);
	html_raw(page->out, "</td></tr>\n");
}

static unsigned int weakness_rank(const struct answered_entry *answered)
{
	if (!answered->known->entry)
		return 1;
	return answered->standing > STANDING_DENIED ? 0 : 2;
}

void section_weaknesses(const struct report_page *page)
{
	static const char *const columns[] = {"Weakness", "Its entry"};

	page_section(
		page, "weaknesses", "Known weaknesses",
		"Weaknesses of the kernel that were made public, and whether the policy closes "
		"the system call that each is reached by, arguments included, on every ABI of "
		"the machine. Closed means that this program cannot get there by that call, "
		"unless with a descriptor that somebody handed to it. Open does not mean "
		"vulnerable: a kernel of today has all of these mended. They stand for those "
		"that are not known yet, which lie in the same places.");
	page_table(page, "entries weaknesses", "Known weaknesses", columns, 2);
	html_raw(page->out, "<tbody>\n");
	for (unsigned int wanted = 0; wanted < 3; wanted++)
		for (size_t i = 0; i < page->weaknesses.count; i++)
			if (weakness_rank(&page->weaknesses.items[i]) == wanted)
				write_weakness(page, &page->weaknesses.items[i]);
	html_raw(page->out, "</tbody>\n</table>\n");
	page_section_end(page);
}
