/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static uint32_t sources_adopt(struct sources *sources, const char *name, const char *text,
			      uint32_t length)
{
	struct source *source = VEC_PUSH(sources->arena, &sources->list);

	source->name = arena_copy(sources->arena, name, strlen(name));
	source->text = text;
	source->length = length;
	return (uint32_t)sources->list.count;
}

uint32_t sources_add(struct sources *sources, const char *name, const char *text, uint32_t length)
{
	return sources_adopt(sources, name, arena_copy(sources->arena, text, length), length);
}

/* Reads to the end or one byte past the limit. */
static int source_slurp(struct arena *arena, int fd, char **text, uint32_t *length)
{
	size_t capacity = 1 << 14, used = 0;
	char *bytes = arena_alloc(arena, capacity + 1);

	for (;;) {
		ssize_t got = read(fd, bytes + used, capacity - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
		if (used > SOURCE_SIZE_MAX)
			return -EFBIG;
		if (used == capacity) {
			char *larger = arena_alloc(arena, capacity * 2 + 1);

			memcpy(larger, bytes, used);
			bytes = larger;
			capacity *= 2;
		}
	}
	bytes[used] = '\0';
	*text = bytes;
	*length = (uint32_t)used;
	return 0;
}

int sources_read(struct sources *sources, const char *path, uint32_t *file)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	uint32_t length = 0;
	char *text = NULL;
	int error;

	if (fd < 0)
		return -errno;
	error = source_slurp(sources->arena, fd, &text, &length);
	if (!standard)
		close(fd);
	if (error)
		return error;
	*file = sources_adopt(sources, standard ? "<stdin>" : path, text, length);
	return 0;
}

struct source *sources_get(const struct sources *sources, uint32_t file)
{
	assert(file <= sources->list.count);
	return file ? &sources->list.items[file - 1] : NULL;
}

static void source_find_lines(struct arena *arena, struct source *source)
{
	uint32_t *lines;
	uint32_t count = 1;

	if (source->lines)
		return;
	for (uint32_t i = 0; i < source->length; i++)
		count += source->text[i] == '\n';
	lines = arena_alloc_array(arena, count, sizeof(*lines));
	source->line_count = count;
	count = 1;
	for (uint32_t i = 0; i < source->length; i++)
		if (source->text[i] == '\n')
			lines[count++] = i + 1;
	source->lines = lines;
}

struct position sources_position(const struct sources *sources, uint32_t file, uint32_t offset)
{
	struct source *source = sources_get(sources, file);
	uint32_t low = 0, high;

	if (!source)
		return (struct position){0, 0};
	source_find_lines(sources->arena, source);
	high = source->line_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return (struct position){low + 1, offset - source->lines[low] + 1};
}

const char *sources_line(const struct sources *sources, uint32_t file, uint32_t line,
			 uint32_t *length)
{
	struct source *source = sources_get(sources, file);
	uint32_t begin, end;

	assert(source && line >= 1);
	source_find_lines(sources->arena, source);
	assert(line <= source->line_count);
	begin = source->lines[line - 1];
	end = line < source->line_count ? source->lines[line] - 1 : source->length;
	if (end > begin && source->text[end - 1] == '\r')
		end--;
	*length = end - begin;
	return source->text + begin;
}

struct span span_join(struct span a, struct span b)
{
	if (!a.file)
		return b;
	if (!b.file || a.file != b.file)
		return a;
	return (struct span){a.file, a.begin < b.begin ? a.begin : b.begin,
			     a.end > b.end ? a.end : b.end};
}
