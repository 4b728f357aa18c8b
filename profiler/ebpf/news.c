/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel's side announces: executables that it sees for the first time, mostly. */
#include "profiler/ebpf/run.h"
#include "profiler/process_info.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The kernel's own dev_t: 12 bits of major number over 20 of minor. */
static dev_t device_make(uint64_t device)
{
	return makedev((unsigned int)(device >> 20), (unsigned int)(device & 0xfffff));
}

static const char *text_from(const char *text, uint32_t begin)
{
	return begin < TRACE_PATH_MAX ? text + begin : "";
}

/* As /proc/PID/exe has it; the kernel's side ends no string, and begins each at its last bytes. */
static void path_compose(const struct trace_news *news, char *path, size_t size)
{
	uint32_t begin = news->path < TRACE_PATH_MAX ? news->path : TRACE_PATH_MAX;

	snprintf(path, size, "%.*s%s", (int)(TRACE_PATH_MAX - begin),
		 text_from(news->path_text, begin), news->unlinked ? " (deleted)" : "");
}

static void script_compose(const struct trace_news *news, char *script, size_t size)
{
	uint32_t begin = news->folder < TRACE_PATH_MAX ? news->folder : TRACE_PATH_MAX;
	bool relative = news->script[0] != '/';

	snprintf(script, size, "%.*s%s%.*s", relative ? (int)(TRACE_PATH_MAX - begin) : 0,
		 text_from(news->folder_text, begin), relative ? "/" : "", TRACE_PATH_MAX - 1,
		 news->script);
}

static void take_executable(struct ebpf_run *run, const struct trace_news *news)
{
	char path[TRACE_PATH_MAX + 16], script[2 * TRACE_PATH_MAX + 2];
	struct process_image image;
	struct executable_identity identity = {
		.path = path,
		.device = device_make(news->device),
		.inode = (ino_t)news->inode,
	};
	executable_id executable;

	if (news->executable >= TRACE_EXECUTABLES)
		return;
	path_compose(news, path, sizeof(path));
	if (news->is_script) {
		script_compose(news, script, sizeof(script));
		identity.script = script;
	} else if (news->met && process_read_image((pid_t)news->pid, &image) == 0 &&
		   image.inode == identity.inode && image.script[0]) {
		identity.script = image.script;
	}
	executable = recorder_executable_start(run->recorder, &identity);
	run->executables[news->executable] = executable;
	if (news->cut)
		recorder_unseen(run->recorder, UNSEEN_PATH, executable);
}

int ebpf_news_take(void *user, void *bytes, size_t size)
{
	const struct trace_news *news = bytes;
	struct ebpf_run *run = user;

	if (size < TRACE_NEWS_SHORT)
		return 0;
	switch (news->kind) {
	case TRACE_NEWS_EXECUTABLE:
		take_executable(run, news);
		break;
	case TRACE_NEWS_SERVING:
		recorder_serving(run->recorder);
		break;
	case TRACE_NEWS_MOVED:
		run->moved = true;
		break;
	default: /* SHARED tells the rest */
		break;
	}
	return 0;
}
