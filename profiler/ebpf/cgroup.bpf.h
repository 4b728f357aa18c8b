/* SPDX-License-Identifier: Apache-2.0 */
/* Which cgroups are those to record, in the hierarchy that was named, be it of version 1 or 2. */
#ifndef PALE_PROFILER_EBPF_CGROUP_BPF_H
#define PALE_PROFILER_EBPF_CGROUP_BPF_H

#include "profiler/ebpf/maps.bpf.h"

#include <bpf/bpf_core_read.h>

enum {
	CGROUP_DEPTH = 64,
	CGROUP_HIERARCHIES = 32,
};

static __always_inline bool cgroup_has_hierarchy(struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, root, hierarchy_id) == cgroup_hierarchy;
}

/* Whether it is the one to record, or below it. */
__noinline int cgroup_is_inside(u64 address)
{
	struct cgroup *cgroup = (struct cgroup *)address;

	if (!cgroup_has_hierarchy(cgroup))
		return 0;
	for (int i = 0; i < CGROUP_DEPTH; i++) {
		struct cgroup_subsys_state *above;

		if (BPF_CORE_READ(cgroup, kn, id) == cgroup_id)
			return 1;
		above = BPF_CORE_READ(cgroup, self.parent);
		if (!above)
			return 0;
		cgroup = BPF_CORE_READ(above, cgroup);
	}
	return 0;
}

/* Whether a task is in it: by its cgroup of the one hierarchy among those of all. */
__noinline int cgroup_has_task(u64 address)
{
	struct task_struct *task = (struct task_struct *)address;
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct list_head *at = BPF_CORE_READ(set, cgrp_links.next);

	for (int i = 0; i < CGROUP_HIERARCHIES; i++) {
		struct cgrp_cset_link *link;
		struct cgroup *cgroup;

		if ((void *)at == (void *)set + bpf_core_field_offset(struct css_set, cgrp_links))
			return 0;
		link = (void *)at - bpf_core_field_offset(struct cgrp_cset_link, cgrp_link);
		cgroup = BPF_CORE_READ(link, cgrp);
		if (cgroup_has_hierarchy(cgroup))
			return cgroup_is_inside((u64)cgroup);
		at = BPF_CORE_READ(at, next);
	}
	return 0;
}

#endif
