/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the kernel the policy leaves within reach. */
#include "compiler/resolve/abi_list.h"
#include "profiler/report/page.h"

struct surface surface_measure(const struct report_input *input, const struct abi *abi)
{
	struct surface surface = {0};

	for (call_id call = 0; call < call_count(); call++) {
		int64_t number = call_number(call, abi->id);
		enum call_group group = call_group_of(call);
		enum standing standing;

		if (number < 0)
			continue;
		standing = judge_calls(input, abi, (uint32_t)number, DIAGRAM_ALL);
		surface.all[standing]++;
		if (group < CALL_GROUP_COUNT)
			surface.groups[group][standing]++;
		surface.calls++;
	}
	return surface;
}

/* The standings in the order of the columns and of a bar's parts. */
static const enum standing columns[] = {STANDING_ALLOWED, STANDING_CONDITIONS, STANDING_ASKED,
					STANDING_DENIED};
enum {
	COLUMN_COUNT = sizeof(columns) / sizeof(columns[0])
};

static void write_parts(const struct report_page *page, const unsigned int counts[STANDING_COUNT])
{
	unsigned int all = 0;

	for (unsigned int i = 0; i < STANDING_COUNT; i++)
		all += counts[i];
	html_raw(page->out, "<span class=\"parts\" aria-hidden=\"true\">");
	for (unsigned int i = 0; i < COLUMN_COUNT; i++) {
		unsigned int permille = all ? counts[columns[i]] * 1000 / all : 0;

		if (counts[columns[i]])
			text_printf(page->out, "<span class=\"%s\" style=\"flex:%u\"></span>",
				    standing_class(columns[i]), permille ? permille : 1);
	}
	html_raw(page->out, "</span>");
}

static void write_row(const struct report_page *page, const char *name,
		      const unsigned int counts[STANDING_COUNT], bool asked)
{
	html_raw(page->out, "<tr><th scope=\"row\">");
	html_text(page->out, name);
	write_parts(page, counts);
	html_raw(page->out, "</th>");
	for (unsigned int i = 0; i < COLUMN_COUNT; i++) {
		if (columns[i] == STANDING_ASKED && !asked)
			continue;
		html_raw(page->out, counts[columns[i]] ? "<td class=\"number\">"
						       : "<td class=\"number zero\">");
		html_count(page->out, counts[columns[i]]);
		html_raw(page->out, "</td>");
	}
	html_raw(page->out, "</tr>\n");
}

static bool is_empty(const unsigned int counts[STANDING_COUNT])
{
	for (unsigned int i = 0; i < STANDING_COUNT; i++)
		if (counts[i])
			return false;
	return true;
}

static void write_table(const struct report_page *page, const struct abi *abi,
			const struct surface *surface)
{
	static const char *const with_asked[] = {"Calls about", "allowed", "with conditions",
						 "asked about", "denied"};
	static const char *const without[] = {"Calls about", "allowed", "with conditions",
					      "denied"};
	bool asked = surface->all[STANDING_ASKED] != 0;

	page_table(page, "surface",
		   arena_printf(page->input->arena, "The %u calls of %s, as the policy leaves them",
				surface->calls, abi->name),
		   asked ? with_asked : without, asked ? 5 : 4);
	html_raw(page->out, "<tbody>\n");
	for (unsigned int group = 0; group < CALL_GROUP_COUNT; group++)
		if (!is_empty(surface->groups[group]))
			write_row(page, call_group_text((enum call_group)group),
				  surface->groups[group], asked);
	html_raw(page->out, "</tbody>\n<tfoot>\n");
	write_row(page, "all together", surface->all, asked);
	html_raw(page->out, "</tfoot>\n</table>\n");
}

/* The other ABIs of the policy, each folded away; and those that come to its machines uninvited. */
static void write_others(const struct report_page *page)
{
	const struct report_policy *policy = page->input->policy;

	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get((enum abi_id)id);
		struct surface surface;

		if (!(policy->abis & ABI_BIT(id)) || abi == page->main)
			continue;
		surface = surface_measure(page->input, abi);
		html_raw(page->out, "<details><summary>");
		html_printf(page->out, "%s: %u of %u calls left open", abi->name,
			    surface.calls - surface.all[STANDING_DENIED], surface.calls);
		html_raw(page->out, "</summary>\n");
		write_table(page, abi, &surface);
		html_raw(page->out, "</details>\n");
	}
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct abi *abi = abi_get((enum abi_id)id);

		if (!(page->abis & ~policy->abis & ABI_BIT(id)))
			continue;
		html_raw(page->out, "<p>");
		html_printf(
			page->out,
			"The policy is not for %s, whose calls the same machine takes: they get ",
			abi->name);
		html_element(page->out, "code", NULL,
			     judge_text(page->input, abi, abi->number_base));
		html_raw(page->out, ".</p>\n");
	}
}

void section_surface(const struct report_page *page)
{
	struct kernel_version newest = call_newest_kernel();

	page_section(
		page, "surface", "Kernel surface",
		arena_printf(
			page->input->arena,
			"Every system call that Linux has, up to %u.%u, asked of the compiled "
			"and proven filter. A call that is denied is code of the kernel which the "
			"program cannot reach by it.",
			newest.major, newest.minor));
	write_table(page, page->main, &page->surface);
	write_others(page);
	page_section_end(page);
}
