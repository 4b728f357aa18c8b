/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which executable a process runs: told apart by file, path and script without a word to the
 * tracer, which hears of each one once.
 */
#ifndef PALE_PROFILER_EBPF_IDENTITY_BPF_H
#define PALE_PROFILER_EBPF_IDENTITY_BPF_H

#include "profiler/ebpf/maps.bpf.h"

#include <bpf/bpf_core_read.h>

enum {
	PATH_STEPS = 96, /* components and mounts on the way to the root */
	NAME_MAX = 255,
	TEXT_STEP = 128, /* bytes that are hashed in one go */
};

/* Room for a path that is written backwards; a name may reach behind its end. */
struct text {
	char at[TRACE_PATH_MAX + NAME_MAX + 1];
};

struct path_result {
	u64 hash;
	u32 begin; /* where in the text it begins */
	u32 cut;   /* too long, or too deep */
};

/* Where a walk towards the root is. */
struct walk {
	struct dentry *dentry;
	struct mount *mount; /* what is known of it outside is its member MNT */
};

static __always_inline struct mount *mount_of(u64 vfsmount)
{
	return (struct mount *)(vfsmount - bpf_core_field_offset(struct mount, mnt));
}

static __always_inline bool name_prepend(struct text *text, struct path_result *result,
					 struct dentry *dentry)
{
	u32 length = BPF_CORE_READ(dentry, d_name.len), begin = result->begin;
	const unsigned char *name;

	result->hash = (result->hash ^ BPF_CORE_READ(dentry, d_name.hash_len)) * HASH_STEP;
	if (length > NAME_MAX || length + 1 > begin)
		return false;
	begin -= length;
	name = BPF_CORE_READ(dentry, d_name.name);
	/* The verifier of older kernels has forgotten LENGTH's bounds by now; the compiler has not. */
	barrier_var(length);
	bpf_probe_read_kernel(&text->at[begin & (TRACE_PATH_MAX - 1)], length & NAME_MAX, name);
	begin--;
	text->at[begin & (TRACE_PATH_MAX - 1)] = '/';
	result->begin = begin;
	return true;
}

/* From a mount to the one that it stands on; false at the last one. */
static __always_inline bool mount_leave(struct walk *walk)
{
	struct mount *mount = walk->mount, *above = BPF_CORE_READ(mount, mnt_parent);

	if (above == mount)
		return false;
	walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	walk->mount = above;
	return true;
}

/* A component of the way to the root. Whether there is another. */
__noinline int path_step(struct walk *walk, struct text *text, struct path_result *result)
{
	struct dentry *dentry, *parent;
	struct mount *on;

	if (!walk || !text || !result)
		return 0;
	dentry = walk->dentry;
	parent = BPF_CORE_READ(dentry, d_parent);
	on = walk->mount;
	if (dentry == BPF_CORE_READ(on, mnt.mnt_root)) {
		if (mount_leave(walk))
			return 1;
		result->cut = 0;
		return 0;
	}
	if (!name_prepend(text, result, dentry))
		return 0;
	if (dentry == parent) { /* it stands in no folder: a memfd, or a lost one */
		result->cut = 0;
		return 0;
	}
	walk->dentry = parent;
	return 1;
}

/*
 * The path of DENTRY on MOUNT, as d_path(9) would have it for a reader in the first root. The
 * verifier walks through each turn of a loop: what a turn does is verified by itself, once.
 */
__noinline int path_walk(u64 mount, u64 dentry, struct text *text, struct path_result *result)
{
	struct walk walk = {(struct dentry *)dentry, mount_of(mount)};

	if (!text || !result)
		return 0;
	result->hash = 0;
	result->begin = TRACE_PATH_MAX;
	result->cut = 1;
	for (int i = 0; i < PATH_STEPS; i++)
		if (!path_step(&walk, text, result))
			break;
	return 0;
}

/* HASH with the words of a few bytes of TEXT from AT on, as many as are below LENGTH. */
__noinline u64 text_mix(const struct text *text, u32 at, u32 length, u64 hash)
{
	if (!text)
		return 0;
	for (u32 i = 0; i < TEXT_STEP / sizeof(u64); i++, at += sizeof(u64)) {
		if (at >= length || at >= TRACE_PATH_MAX)
			break;
		hash = (hash ^ *(const u64 *)(text->at + (at & -sizeof(u64)))) * HASH_STEP;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Of LENGTH bytes of TEXT, which has room for a few zeroes behind them; not 0. */
__noinline u64 text_hash(struct text *text, u32 length)
{
	u64 hash = length;

	if (!text || length >= TRACE_PATH_MAX)
		return 0;
	for (u32 i = 0; i < sizeof(u64); i++)
		text->at[(length & (TRACE_PATH_MAX - 1)) + i] = 0;
	for (u32 i = 0; i < TRACE_PATH_MAX; i += TEXT_STEP) {
		if (i >= length)
			break;
		hash = text_mix(text, i, length, hash);
	}
	return hash ? hash : 1;
}

/* A script's name as it was called, and the folder where it was. */
static __always_inline u64 script_read(struct trace_news *draft, const struct linux_binprm *bprm,
				       struct task_struct *task)
{
	struct path_result folder = {0};
	long length;

	if (!bprm || BPF_CORE_READ(bprm, interp) == BPF_CORE_READ(bprm, filename))
		return 0;
	draft->is_script = 1;
	length = bpf_probe_read_kernel_str(draft->script, TRACE_PATH_MAX,
					   BPF_CORE_READ(bprm, filename));
	if (length <= 1 || length > TRACE_PATH_MAX) {
		draft->cut = 1;
		return 1;
	}
	draft->cut |= length == TRACE_PATH_MAX;
	if (draft->script[0] != '/') {
		path_walk((u64)BPF_CORE_READ(task, fs, pwd.mnt),
			  (u64)BPF_CORE_READ(task, fs, pwd.dentry),
			  (struct text *)draft->folder_text, &folder);
		draft->folder = folder.begin;
		draft->cut |= folder.cut;
	}
	return text_hash((struct text *)draft->script, length - 1) ^ folder.hash;
}

static __always_inline u32 task_number(struct task_struct *task)
{
	u32 level = BPF_CORE_READ(task, thread_pid, level), number = 0;
	struct pid *pid = BPF_CORE_READ(task, thread_pid);

	if (shared.pid_level < level)
		level = shared.pid_level;
	bpf_probe_read_kernel(&number, sizeof(number),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      level * bpf_core_type_size(struct upid));
	return number;
}

static __always_inline u32 executable_announce(struct trace_news *draft,
					       const struct identity *identity)
{
	u32 id = __sync_fetch_and_add(&shared.next_executable, 1);

	if (id >= TRACE_EXECUTABLES - 1) {
		shared.next_executable = TRACE_EXECUTABLES - 1;
		shared.shared_entry = 1;
		return TRACE_EXECUTABLES - 1;
	}
	draft->executable = id;
	if (draft->is_script ? bpf_ringbuf_output(&news, draft, sizeof(*draft), 0) < 0
			     : bpf_ringbuf_output(&news, draft, TRACE_NEWS_PROGRAM, 0) < 0) {
		lose(TRACE_LOST_NEWS, 1);
		return TRACE_EXECUTABLES - 1;
	}
	if (!draft->met)
		bpf_map_update_elem(&identities, identity, &id, BPF_NOEXIST);
	return id;
}

/*
 * The number of the executable that TASK runs, from FILE on; BPRM is of its exec, or 0 of a task that
 * is met later, where each process is a case of its own since its script is not known here.
 */
__noinline u32 executable_identify(u64 task_address, u64 file_address, u64 bprm_address, u32 which)
{
	struct task_struct *task = (struct task_struct *)task_address;
	struct file *file = (struct file *)file_address;
	struct identity identity = {0};
	struct path_result path = {0};
	struct trace_news *draft;
	struct draft *room;
	u32 *known, id;

	room = bpf_map_lookup_elem(&drafts, &which);
	if (!room)
		return TRACE_EXECUTABLES - 1;
	draft = &room->news;
	draft->kind = TRACE_NEWS_EXECUTABLE;
	draft->is_script = 0;
	draft->folder = TRACE_PATH_MAX;
	draft->met = !bprm_address;
	draft->pid = task_number(BPF_CORE_READ(task, group_leader));
	draft->device = BPF_CORE_READ(file, f_inode, i_sb, s_dev);
	draft->inode = BPF_CORE_READ(file, f_inode, i_ino);
	path_walk((u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry),
		  (struct text *)draft->path_text, &path);
	draft->path = path.begin;
	draft->cut = path.cut;
	draft->unlinked = !BPF_CORE_READ(file, f_path.dentry, d_hash.pprev);
	identity.device = draft->device;
	identity.inode = draft->inode;
	identity.path = path.hash ^ draft->unlinked;
	identity.script = script_read(draft, (struct linux_binprm *)bprm_address, task);
	known = draft->met ? NULL : bpf_map_lookup_elem(&identities, &identity);
	id = known ? *known : executable_announce(draft, &identity);
	if (id < TRACE_EXECUTABLES)
		__sync_fetch_and_add(&shared.executables[id].started, 1);
	return id;
}

#endif
