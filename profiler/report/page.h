/* SPDX-License-Identifier: Apache-2.0 */
/* The page as its sections share it, and the sections, a file each. For this folder alone. */
#ifndef PALE_PROFILER_REPORT_PAGE_H
#define PALE_PROFILER_REPORT_PAGE_H

#include "profiler/report/entry.h"
#include "profiler/report/html.h"
#include "profiler/report/known.h"
#include "profiler/report/survey.h"

/* What is shown of long lists; each says how much more there is. */
enum {
	SHOWN_CALLS = 1000,
	SHOWN_EXECUTABLES = 200,
	SHOWN_RUNS = 50,
	SHOWN_NAMES = 6,   /* executables in one cell */
	SHOWN_MAKERS = 24, /* executables of one call */
	SHOWN_VALUES = 40, /* of one argument */
	SHOWN_LIST = 600,  /* names of calls in one list */
	SHOWN_LABEL = 48,  /* bytes of an executable's short name */
	SHOWN_WORDS = 400, /* of a path, a host's name, a command's word */
};

/* What the policy and the recording say to one of the known entries. */
struct answered_entry {
	const struct known_entry *known;
	struct entry entry;
	enum standing standing; /* meaningless where known->entry is NULL */
	struct entry_ways open;
	enum entry_use use;
	struct entry_users users;
};

/* How many calls of an ABI have which standing. */
struct surface {
	unsigned int groups[CALL_GROUP_COUNT][STANDING_COUNT];
	unsigned int all[STANDING_COUNT];
	unsigned int calls;
};

struct report_page {
	const struct report_input *input;
	struct text *out;
	struct survey *survey;
	abi_set abis;           /* all that come to the machines of the policy */
	const struct abi *main; /* of the most calls, where the policy is for it */
	struct surface surface; /* of `main` */
	VEC(struct answered_entry) dangers;
	VEC(struct answered_entry) weaknesses;
};

struct surface surface_measure(const struct report_input *input, const struct abi *abi);

void section_head(const struct report_page *page);
void section_limits(const struct report_page *page);
void section_surface(const struct report_page *page);
void section_dangers(const struct report_page *page);
void section_weaknesses(const struct report_page *page);
void section_calls(const struct report_page *page);
void section_phases(const struct report_page *page);
void section_executables(const struct report_page *page);
void section_runs(const struct report_page *page);

/* <section id="ID"><h2>TITLE</h2><p>LEAD</p>, to be closed by page_section_end(). */
void page_section(const struct report_page *page, const char *id, const char *title,
		  const char *lead);
void page_section_end(const struct report_page *page);
/* The head of a table: COLUMNS are their titles with a blank between ("call count policy"). */
void page_table(const struct report_page *page, const char *class, const char *caption,
		const char *const *columns, size_t count);
/* <bdi>TEXT</bdi>, so that its direction is its own; cut where it is longer than SHOWN_WORDS. */
void page_foreign(const struct report_page *page, const char *text);
/* What the policy does, as a coloured word. */
void page_standing(const struct report_page *page, enum standing standing, const char *word);
/* Labels of executables with commas, SHOWN_NAMES at most. */
void page_users(const struct report_page *page, struct seen_executable *const *users, size_t count);
/* A bar that is PART of WHOLE long. */
void page_bar(const struct report_page *page, uint64_t part, uint64_t whole);
/* The name of a call, with its ABI where the recording or the policy has several. */
void page_call(const struct report_page *page, const struct seen_call *call);
/* The names of CALLS with commas, SHOWN_LIST at most; "none" where there are none. */
void page_call_list(const struct report_page *page, const struct seen_call *const *calls,
		    size_t count);
/* "and N more are not shown" as a paragraph, where COUNT is above SHOWN. */
void page_more(const struct report_page *page, size_t count, size_t shown, const char *what);

#endif
