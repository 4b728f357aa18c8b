/* SPDX-License-Identifier: Apache-2.0 */
/* A filter as an object file that a linker takes, for whatever machine. */
#include "compiler/emit/emit.h"
#include "compiler/emit/program_text.h"
#include "compiler/emit/target.h"

#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	ALIGNMENT = 8,
	COUNT_SIZE = 2, /* unsigned short, as sock_fprog.len is */
	SYMBOL_COUNT = 3,
};

/* One object while it is made. What libelf is given must stay until it has written. */
struct object {
	Elf *elf;
	const struct target *target;
	const struct abi *abi;
	struct text section_names;
	struct text symbol_names;
	struct text constants; /* the instructions and their number */
	struct text property;
	union {
		Elf32_Sym narrow[SYMBOL_COUNT];
		Elf64_Sym wide[SYMBOL_COUNT];
	} symbols;
	size_t constants_index;
	bool failed;
};

/* Adds NAME to a table of names, and returns where it stands. */
static uint32_t name_add(struct text *names, const char *name)
{
	uint32_t at = (uint32_t)names->length;

	text_add(names, name, strlen(name) + 1);
	return at;
}

static void put_number(const struct abi *abi, uint32_t value, unsigned int bytes, struct text *out)
{
	for (unsigned int i = 0; i < bytes; i++)
		text_add_char(out, (char)(value >> 8 * (abi->big_endian ? bytes - 1 - i : i)));
}

/* Adds a section whose content is BYTES. Returns its index; 0 where that fails. */
static size_t section_add(struct object *object, const GElf_Shdr *header, const void *bytes,
			  size_t size, Elf_Type type)
{
	Elf_Scn *section = elf_newscn(object->elf);
	Elf_Data *data = section ? elf_newdata(section) : NULL;

	if (!data) {
		object->failed = true;
		return 0;
	}
	data->d_buf = (void *)(uintptr_t)bytes; /* only read */
	data->d_size = size;
	data->d_align = header->sh_addralign;
	data->d_type = type;
	data->d_version = EV_CURRENT;
	if (!gelf_update_shdr(section, (GElf_Shdr *)(uintptr_t)header))
		object->failed = true;
	return elf_ndxscn(section);
}

static void add_constants(struct object *object)
{
	GElf_Shdr header = {
		.sh_name = name_add(&object->section_names, ".rodata"),
		.sh_type = SHT_PROGBITS,
		.sh_flags = SHF_ALLOC,
		.sh_addralign = ALIGNMENT,
	};

	object->constants_index = section_add(object, &header, object->constants.bytes,
					      object->constants.length, ELF_T_BYTE);
}

/*
 * Linkers mark a program for branch protection only if every object in it bears the mark. Constants
 * need nothing that it forbids.
 */
static void add_property(struct object *object)
{
	bool wide = object->target->elf_class == ELFCLASS64;
	const struct abi *abi = object->abi;
	struct text *note = &object->property;
	GElf_Shdr header = {
		.sh_type = SHT_NOTE,
		.sh_flags = SHF_ALLOC,
		.sh_addralign = wide ? 8 : 4,
	};
	uint32_t type = GNU_PROPERTY_X86_FEATURE_1_AND;
	uint32_t features = GNU_PROPERTY_X86_FEATURE_1_IBT | GNU_PROPERTY_X86_FEATURE_1_SHSTK;

	if (object->target->machine == EM_AARCH64) {
		type = GNU_PROPERTY_AARCH64_FEATURE_1_AND;
		features = GNU_PROPERTY_AARCH64_FEATURE_1_BTI | GNU_PROPERTY_AARCH64_FEATURE_1_PAC;
	} else if (object->target->machine != EM_X86_64 && object->target->machine != EM_386) {
		return;
	}
	put_number(abi, 4, 4, note);              /* bytes of the name */
	put_number(abi, wide ? 16 : 12, 4, note); /* and of what stands behind it */
	put_number(abi, NT_GNU_PROPERTY_TYPE_0, 4, note);
	text_add(note, "GNU", 4);
	put_number(abi, type, 4, note);
	put_number(abi, 4, 4, note);
	put_number(abi, features, 4, note);
	if (wide)
		put_number(abi, 0, 4, note);
	header.sh_name = name_add(&object->section_names, NOTE_GNU_PROPERTY_SECTION_NAME);
	section_add(object, &header, note->bytes, note->length, ELF_T_BYTE);
}

/* Without it the linker takes the stack for executable. */
static void add_stack_note(struct object *object)
{
	GElf_Shdr header = {
		.sh_name = name_add(&object->section_names, ".note.GNU-stack"),
		.sh_type = SHT_PROGBITS,
		.sh_addralign = 1,
	};

	section_add(object, &header, NULL, 0, ELF_T_BYTE);
}

/* Symbol INDEX, from 1, for SIZE bytes of the constants. */
static void set_symbol(struct object *object, int index, const char *name, size_t at, size_t size)
{
	uint32_t name_at = name_add(&object->symbol_names, name);
	Elf64_Section section = (Elf64_Section)object->constants_index;
	unsigned char info = GELF_ST_INFO(STB_GLOBAL, STT_OBJECT);

	if (object->target->elf_class == ELFCLASS64)
		object->symbols.wide[index] = (Elf64_Sym){
			.st_name = name_at,
			.st_info = info,
			.st_shndx = section,
			.st_value = at,
			.st_size = size,
		};
	else
		object->symbols.narrow[index] = (Elf32_Sym){
			.st_name = name_at,
			.st_value = (Elf32_Addr)at,
			.st_size = (Elf32_Word)size,
			.st_info = info,
			.st_shndx = section,
		};
}

static void add_symbols(struct object *object, const char *symbol, size_t filter_size)
{
	bool wide = object->target->elf_class == ELFCLASS64;
	GElf_Shdr names = {.sh_type = SHT_STRTAB, .sh_addralign = 1};
	GElf_Shdr table = {
		.sh_type = SHT_SYMTAB,
		.sh_info = 1, /* the first that is not local */
		.sh_addralign = wide ? 8 : 4,
		.sh_entsize = wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym),
	};
	struct text name = {0};

	name_add(&object->symbol_names, "");
	text_printf(&name, "%s_filter", symbol);
	if (!name.failed)
		set_symbol(object, 1, name.bytes, 0, filter_size);
	text_add_string(&name, "_count");
	if (!name.failed)
		set_symbol(object, 2, name.bytes, filter_size, COUNT_SIZE);
	object->failed |= name.failed;
	text_release(&name);
	names.sh_name = name_add(&object->section_names, ".strtab");
	table.sh_link = (GElf_Word)section_add(object, &names, object->symbol_names.bytes,
					       object->symbol_names.length, ELF_T_BYTE);
	table.sh_name = name_add(&object->section_names, ".symtab");
	section_add(object, &table, &object->symbols, SYMBOL_COUNT * table.sh_entsize, ELF_T_SYM);
}

static size_t add_section_names(struct object *object)
{
	GElf_Shdr header = {
		.sh_name = name_add(&object->section_names, ".shstrtab"),
		.sh_type = SHT_STRTAB,
		.sh_addralign = 1,
	};

	return section_add(object, &header, object->section_names.bytes,
			   object->section_names.length, ELF_T_BYTE);
}

static int object_fill(struct object *object, const struct program_text *program)
{
	const struct filter *filter = program->filters[0];
	GElf_Ehdr header;

	raw_write(filter, &object->constants);
	put_number(object->abi, filter->count, COUNT_SIZE, &object->constants);
	if (object->constants.failed)
		return -ENOMEM;
	if (!gelf_newehdr(object->elf, object->target->elf_class) ||
	    !gelf_getehdr(object->elf, &header))
		return -EIO;
	name_add(&object->section_names, "");
	add_constants(object);
	add_property(object);
	add_stack_note(object);
	add_symbols(object, program->symbol, filter->count * sizeof(struct sock_filter));
	header.e_ident[EI_DATA] = object->abi->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	header.e_type = ET_REL;
	header.e_machine = object->target->machine;
	header.e_version = EV_CURRENT;
	header.e_flags = object->target->flags;
	header.e_shstrndx = (Elf64_Half)add_section_names(object);
	if (object->section_names.failed || object->symbol_names.failed || object->property.failed)
		return -ENOMEM;
	if (object->failed || !gelf_update_ehdr(object->elf, &header) ||
	    elf_update(object->elf, ELF_C_WRITE) < 0)
		return -EIO;
	return 0;
}

static int read_back(int fd, struct text *out)
{
	char bytes[4096];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(fd, bytes, sizeof(bytes), at)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		text_add(out, bytes, (size_t)got);
		at += got;
	}
	return out->failed ? -ENOMEM : 0;
}

int elf_object_write(const struct program_text *program, const struct abi *abi, struct text *out)
{
	struct object object = {.abi = abi, .target = target_get(abi->id)};
	int error = -EIO;
	/* libelf writes to files alone. */
	int fd = memfd_create("object", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (elf_version(EV_CURRENT) != EV_NONE)
		object.elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (object.elf) {
		error = object_fill(&object, program);
		elf_end(object.elf);
	}
	if (!error)
		error = read_back(fd, out);
	close(fd);
	text_release(&object.section_names);
	text_release(&object.symbol_names);
	text_release(&object.constants);
	text_release(&object.property);
	return error;
}
