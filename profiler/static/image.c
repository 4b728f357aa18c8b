/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SEGMENTS_MAX = 256,
	CODE_MAX = 256, /* sections with code */
};

/* Above any program that was ever linked, and well under what a machine has of memory. */
static const uint64_t image_bytes_max = (uint64_t)1 << 30;

static const struct span nowhere;

uint64_t number_from(const uint8_t *bytes, unsigned int size)
{
	uint64_t number = 0;

	while (size-- > 0)
		number = number << 8 | bytes[size];
	return number;
}

const struct image_range *range_find(const struct image_range *ranges, size_t count,
				     uint64_t address)
{
	for (size_t i = 0; i < count; i++)
		if (address >= ranges[i].start && address < ranges[i].end)
			return &ranges[i];
	return NULL;
}

static const struct image_segment *segment_at(const struct image *image, uint64_t address)
{
	for (size_t i = 0; i < image->segments.count; i++) {
		const struct image_segment *segment = &image->segments.items[i];

		if (address >= segment->memory.start && address < segment->whole_end)
			return segment;
	}
	return NULL;
}

bool image_maps(const struct image *image, uint64_t address)
{
	return segment_at(image, address) != NULL;
}

uint64_t image_left(const struct image *image, uint64_t address)
{
	const struct image_segment *segment = segment_at(image, address);

	return segment && address < segment->memory.end ? segment->memory.end - address : 0;
}

const uint8_t *image_at(const struct image *image, uint64_t address, uint64_t size)
{
	const struct image_segment *segment = segment_at(image, address);

	if (!segment || address >= segment->memory.end || segment->memory.end - address < size)
		return NULL;
	return image->bytes + segment->offset + (address - segment->memory.start);
}

uint64_t image_number(const struct image *image, uint64_t address, unsigned int size)
{
	const uint8_t *bytes = image_at(image, address, size);

	return bytes ? number_from(bytes, size) : 0;
}

int image_damaged(const struct image *image, struct diags *diags, const char *what)
{
	diag_error(diags, DIAG_STATIC, nowhere, "%s: %s", image->path, what);
	return -ENOEXEC;
}

static int take_segment(struct arena *arena, struct image *image, const GElf_Phdr *header,
			struct diags *diags)
{
	struct image_segment *segment;
	uint64_t length = header->p_filesz;

	if (header->p_vaddr + header->p_memsz < header->p_vaddr)
		return image_damaged(image, diags, "a segment of it goes beyond the last address");
	if (length > header->p_memsz)
		length = header->p_memsz;
	if (header->p_offset > image->length || length > image->length - header->p_offset)
		return image_damaged(image, diags,
				     "it is cut short: a segment lies outside of the file");
	segment = VEC_PUSH(arena, &image->segments);
	segment->memory.start = header->p_vaddr;
	segment->memory.end = header->p_vaddr + length;
	segment->whole_end = header->p_vaddr + header->p_memsz;
	segment->offset = header->p_offset;
	segment->code = header->p_flags & PF_X;
	return 0;
}

static int take_interpreter(struct arena *arena, struct image *image, const GElf_Phdr *header,
			    struct diags *diags)
{
	const char *name;
	size_t length;

	if (image->interpreter) /* the kernel takes the first */
		return 0;
	if (header->p_offset > image->length || header->p_filesz > image->length - header->p_offset)
		return image_damaged(image, diags,
				     "the name of its interpreter lies outside of the file");
	name = (const char *)image->bytes + header->p_offset;
	length = strnlen(name, header->p_filesz < PATH_MAX ? header->p_filesz : PATH_MAX);
	if (length == PATH_MAX)
		return image_damaged(image, diags,
				     "the name of its interpreter is longer than a path can be");
	if (length == header->p_filesz)
		return image_damaged(image, diags, "the name of its interpreter has no end");
	image->interpreter = arena_copy(arena, name, length);
	return 0;
}

static int take_segments(struct arena *arena, struct image *image, Elf *elf, struct diags *diags)
{
	size_t count = 0;
	uint64_t dynamic = 0;
	GElf_Phdr header;
	int error = 0;

	if (elf_getphdrnum(elf, &count) < 0 || count > SEGMENTS_MAX)
		return image_damaged(image, diags, "its table of segments is damaged");
	for (size_t i = 0; i < count && !error; i++) {
		if (!gelf_getphdr(elf, (int)i, &header))
			return image_damaged(image, diags, "its table of segments is damaged");
		if (header.p_type == PT_LOAD)
			error = take_segment(arena, image, &header, diags);
		else if (header.p_type == PT_DYNAMIC)
			dynamic = header.p_vaddr;
		else if (header.p_type == PT_INTERP)
			error = take_interpreter(arena, image, &header, diags);
	}
	if (error)
		return error;
	if (!image->segments.count)
		return image_damaged(image, diags,
				     "it has no segment to load: it is no program and no library");
	return dynamic ? image_take_dynamic(arena, image, dynamic, diags) : 0;
}

/* Symbols for a debugger, where they were not stripped. */
static void take_table(struct image *image, Elf *elf, const GElf_Shdr *header)
{
	GElf_Shdr strings;
	Elf_Scn *section = elf_getscn(elf, header->sh_link);

	if (!section || !gelf_getshdr(section, &strings) || header->sh_offset > image->length ||
	    header->sh_size > image->length - header->sh_offset ||
	    strings.sh_offset > image->length ||
	    strings.sh_size > image->length - strings.sh_offset)
		return;
	image->table.start = header->sh_offset;
	image->table.end = header->sh_offset + header->sh_size;
	image->names.start = strings.sh_offset;
	image->names.end = strings.sh_offset + strings.sh_size;
}

static void take_section(struct arena *arena, struct image *image, const GElf_Shdr *header,
			 const char *name)
{
	struct image_range range = {header->sh_addr, header->sh_addr + header->sh_size};

	if (!(header->sh_flags & SHF_ALLOC) || header->sh_type == SHT_NOBITS ||
	    !image_at(image, range.start, header->sh_size))
		return;
	if (strcmp(name, ".eh_frame") == 0)
		image->frames = range;
	if (!(header->sh_flags & SHF_EXECINSTR)) {
		*VEC_PUSH(arena, &image->sections) = range.start;
		return;
	}
	if (strncmp(name, ".plt", 4) == 0 || strcmp(name, ".iplt") == 0)
		*VEC_PUSH(arena, &image->stubs) = range;
	*VEC_PUSH(arena, &image->code) = range;
}

/* What the sections tell; without them, each executable segment is code from end to end. */
static void take_sections(struct arena *arena, struct image *image, Elf *elf)
{
	size_t names = 0;
	bool named = elf_getshdrstrndx(elf, &names) == 0;

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section;
	     section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		const char *name = NULL;

		if (!gelf_getshdr(section, &header))
			continue;
		if (named)
			name = elf_strptr(elf, names, header.sh_name);
		if (header.sh_type == SHT_SYMTAB)
			take_table(image, elf, &header);
		else
			take_section(arena, image, &header, name ? name : "");
	}
	if (image->code.count > CODE_MAX)
		image->code.count = image->stubs.count = 0;
	if (image->code.count)
		return;
	for (size_t i = 0; i < image->segments.count; i++)
		if (image->segments.items[i].code)
			*VEC_PUSH(arena, &image->code) = image->segments.items[i].memory;
}

static int check_header(struct image *image, Elf *elf, struct diags *diags)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return image_damaged(image, diags, "it is no ELF file");
	if ((header.e_machine != EM_X86_64 && header.e_machine != EM_AARCH64) ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_ident[EI_CLASS] != ELFCLASS64)
		return image_damaged(
			image, diags,
			"its machine is not one whose code is analysed, which are x86_64 and "
			"aarch64 with 64-bit pointers");
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return image_damaged(image, diags, "it is no program and no shared library");
	image->machine = header.e_machine;
	image->fixed = header.e_type == ET_EXEC;
	image->entry = header.e_entry;
	return 0;
}

int image_read(struct arena *arena, struct image *image, uint8_t *bytes, size_t length,
	       struct diags *diags)
{
	const char *slash = strrchr(image->path, '/');
	int error;
	Elf *elf;

	image->bytes = bytes;
	image->length = length;
	image->name = slash ? slash + 1 : image->path;
	elf_version(EV_CURRENT);
	elf = elf_memory((char *)bytes, length);
	if (!elf)
		return image_damaged(image, diags, "it is no ELF file");
	error = check_header(image, elf, diags);
	if (!error)
		error = take_segments(arena, image, elf, diags);
	if (!error)
		take_sections(arena, image, elf);
	elf_end(elf);
	return error;
}

static int read_bytes(int fd, uint8_t **bytes, size_t *length)
{
	struct stat status;
	size_t got = 0;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if ((uint64_t)status.st_size > image_bytes_max)
		return -EFBIG;
	*bytes = malloc((size_t)status.st_size + 1);
	if (!*bytes)
		return -ENOMEM;
	while (got < (size_t)status.st_size) {
		ssize_t more = read(fd, *bytes + got, (size_t)status.st_size - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -errno;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	*length = got;
	return 0;
}

int image_open(struct arena *arena, struct image *image, const char *path, struct diags *diags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	uint8_t *bytes = NULL;
	size_t length = 0;
	int error;

	*image = (struct image){.path = path};
	if (fd < 0)
		return -errno;
	error = read_bytes(fd, &bytes, &length);
	close(fd);
	if (error) {
		free(bytes);
		return error;
	}
	return image_read(arena, image, bytes, length, diags);
}

void image_release(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}
