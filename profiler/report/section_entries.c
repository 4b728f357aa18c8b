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

/* What has to be read: the rest is folded away. */
static bool is_danger(const struct answered_entry *answered)
{
	return answered->use != ENTRY_UNUSED || answered->standing > STANDING_DENIED;
}

static void begin_table(const struct report_page *page, bool weaknesses, const char *caption)
{
	static const char *const of_dangers[] = {"Calls", "In the recording", "By the policy"};
	static const char *const of_weaknesses[] = {"Weakness", "Its entry"};

	if (weaknesses)
		page_table(page, "entries weaknesses", caption, of_weaknesses, 2);
	else
		page_table(page, "entries", caption, of_dangers, 3);
	html_raw(page->out, "<tbody>\n");
}

static void end_table(const struct report_page *page)
{
	html_raw(page->out, "</tbody>\n</table>\n");
}

static void write_dangers(const struct report_page *page, bool dangerous, const char *caption)
{
	begin_table(page, false, caption);
	for (int used = 1; used >= 0; used--)
		for (size_t i = 0; i < page->dangers.count; i++) {
			const struct answered_entry *answered = &page->dangers.items[i];

			if (is_danger(answered) == dangerous &&
			    (answered->use != ENTRY_UNUSED) == (used == 1))
				write_danger(page, answered);
		}
	end_table(page);
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
	size_t count = 0;

	for (size_t i = 0; i < page->dangers.count; i++)
		count += is_danger(&page->dangers.items[i]);
	page_section(page, "dangers", "Dangerous calls",
		     "Calls that lead far and that few programs need: who used them, and what the "
		     "policy says to them. What is used and not expected deserves a look at the "
		     "program; what is open and not used, a look at the policy.");
	if (count)
		write_dangers(page, true, "Dangerous calls that are used or open");
	else
		html_element(page->out, "p", "none", "None is used, and the policy denies all.");
	if (count < page->dangers.count) {
		html_raw(page->out, "<details><summary>");
		html_counted(page->out, page->dangers.count - count, "kind is", "kinds are");
		html_raw(page->out, " neither used nor open</summary>\n");
		write_dangers(page, false, "Dangerous calls that are neither used nor open");
		html_raw(page->out, "</details>\n");
	}
	write_io_uring(page);
	page_section_end(page);
}

static bool is_closed(const struct answered_entry *answered)
{
	return answered->known->entry && answered->standing <= STANDING_DENIED;
}

static void write_verdict(const struct report_page *page, const struct answered_entry *answered)
{
	if (!answered->known->entry) {
		page_standing(page, STANDING_ABSENT, "no filter helps");
		return;
	}
	if (is_closed(answered))
		page_standing(page, STANDING_DENIED, "closed");
	else if (answered->standing == STANDING_ASKED)
		page_standing(page, STANDING_ASKED, NULL);
	else
		page_standing(page, STANDING_ALLOWED, "open");
	html_raw(page->out, " <span class=\"quiet\">");
	if (answered->standing == STANDING_ABSENT)
		html_text(page->out, "no such call on these machines");
	else if (answered->standing > STANDING_DENIED)
		write_open(page, answered);
	html_raw(page->out, "</span>");
}

/* What mended it: a commit is known by its digits, a notice has a name with dashes. */
static void write_reference(const struct report_page *page, const char *reference)
{
	html_raw(page->out, strchr(reference, '-') ? " Mended by " : " Mended by commit ");
	html_raw(page->out, "<span class=\"nowrap\">");
	html_text(page->out, reference);
	html_raw(page->out, "</span>.");
}

static void write_weakness(const struct report_page *page, const struct answered_entry *answered)
{
	html_raw(page->out, "<tr><th scope=\"row\"><span class=\"nowrap\">");
	html_text(page->out, answered->known->name);
	html_raw(page->out, "</span> <span class=\"where\">");
	html_text(page->out, answered->known->where);
	html_raw(page->out, "</span><span class=\"why\">");
	html_text(page->out, answered->known->why);
	write_reference(page, answered->known->reference);
	html_raw(page->out, "</span></th><td>");
	write_verdict(page, answered);
	html_raw(page->out, "</td></tr>\n");
}

/* Those that are CLOSED, or those that are not: first what is open, then what no filter closes. */
static void write_weaknesses(const struct report_page *page, bool closed, const char *caption)
{
	begin_table(page, true, caption);
	for (int entry = 1; entry >= 0; entry--)
		for (size_t i = 0; i < page->weaknesses.count; i++) {
			const struct answered_entry *answered = &page->weaknesses.items[i];

			if (is_closed(answered) == closed &&
			    (answered->known->entry != NULL) == (entry == 1))
				write_weakness(page, answered);
		}
	end_table(page);
}

void section_weaknesses(const struct report_page *page)
{
	size_t closed = 0;

	for (size_t i = 0; i < page->weaknesses.count; i++)
		closed += is_closed(&page->weaknesses.items[i]);
	page_section(
		page, "weaknesses", "Known weaknesses",
		"Weaknesses of the kernel that were made public, and whether the policy closes "
		"the system call that each is reached by, arguments included, on every ABI of "
		"the machine. Closed means that this program cannot get there by that call, "
		"unless with a descriptor that somebody handed to it. Open does not mean "
		"vulnerable: a kernel of today has all of these mended. They stand for those "
		"that are not known yet, which lie in the same places.");
	if (closed < page->weaknesses.count)
		write_weaknesses(page, false, "Known weaknesses whose entry is open");
	if (closed) {
		html_raw(page->out, "<details><summary>");
		html_counted(page->out, closed, "entry is closed", "entries are closed");
		html_raw(page->out, "</summary>\n");
		write_weaknesses(page, true, "Known weaknesses whose entry is closed");
		html_raw(page->out, "</details>\n");
	}
	page_section_end(page);
}
