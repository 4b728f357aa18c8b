/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stats.h"

#include "policy-lang/phases.h"

static void print_cacheable(const struct machine_filter *made, FILE *out)
{
	const struct filter_stats *stats = &made->stats;

	fprintf(out, "cacheable     %u of %u allowed calls", stats->cacheable, stats->allowed);
	if (stats->uncached)
		fprintf(out, "; the kernel has no action cache for");
	for (unsigned int id = 0, said = 0; id < ABI_COUNT; id++)
		if (stats->uncached & ABI_BIT(id))
			fprintf(out, "%s %s", said++ ? "," : "", abi_get((enum abi_id)id)->name);
	fputc('\n', out);
}

static void print_bound(const struct bound_sum *bound, FILE *out)
{
	if (!bound->bounded) {
		fprintf(out, "bound         none: all switches are larger than is searched\n");
		return;
	}
	fprintf(out, "bound         %.2f tests in %u of %u switches, %.1f %% above\n", bound->least,
		bound->bounded, bound->switches,
		bound->least > 0 ? (bound->tests / bound->least - 1) * 100 : 0);
}

static void print_abis(const struct machine_filter *made, FILE *out)
{
	abi_set abis = made->filter->abis;

	fprintf(out, "%-13s instructions expected  worst  cacheable\n", "by ABI");
	for (unsigned int id = 0; id < ABI_COUNT; id++) {
		const struct abi_stats *stats = &made->stats.abis[id];

		if (abis & ABI_BIT(id))
			fprintf(out, "  %-11s %12u %8.2f %6u  %u of %u\n",
				abi_get((enum abi_id)id)->name, stats->instructions,
				stats->expected, stats->worst, stats->cacheable, stats->allowed);
	}
}

static void print_machines(const struct machine_filters *filters, FILE *out)
{
	for (size_t i = 0; i < filters->items.count; i++) {
		const struct machine_filter *made = &filters->items.items[i];
		abi_set abis = made->filter->abis;

		if (filters->items.count > 1)
			fprintf(out, "%s%s\n", i ? "\n" : "", abi_machine_name(made->abi));
		fprintf(out, "instructions  %u\n", made->stats.instructions);
		fprintf(out, "expected path %.2f\n", made->stats.expected);
		fprintf(out, "uniform path  %.2f\n", made->stats.uniform);
		fprintf(out, "worst path    %u\n", made->stats.worst);
		print_bound(&made->stats.bound, out);
		print_cacheable(made, out);
		if (abis & (abis - 1))
			print_abis(made, out);
	}
}

void stats_print(const struct policy_filters *made, FILE *out)
{
	if (made->later.count)
		fprintf(out, "phase         %s\n", phase_name(made->phase));
	print_machines(&made->machines, out);
	for (size_t i = 0; i < made->later.count; i++) {
		fprintf(out, "\nphase         %s\n", phase_name(made->later.items[i].phase));
		print_machines(&made->later.items[i].machines, out);
	}
}
