/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/disassembler.h"

#include <dlfcn.h>
#include <stddef.h>

/* The library's name has the version of the interface that its header declares. */
#define TEXT_OF(x) #x
#define SONAME_OF(major) "libcapstone.so." TEXT_OF(major)
#define SONAME SONAME_OF(CS_API_MAJOR)

const char *disassembler_load(struct disassembler *disassembler)
{
	const struct {
		const char *name;
		void *to;
	} functions[] = {
		{"cs_open", &disassembler->open},
		{"cs_close", &disassembler->close},
		{"cs_option", &disassembler->option},
		{"cs_malloc", &disassembler->malloc},
		{"cs_free", &disassembler->free},
		{"cs_disasm_iter", &disassembler->disasm_iter},
	};

	*disassembler = (struct disassembler){.library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL)};
	if (!disassembler->library)
		return dlerror();
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(disassembler->library, functions[i].name);

		if (!function)
			return dlerror();
		*(void **)functions[i].to = function;
	}
	return NULL;
}

void disassembler_unload(struct disassembler *disassembler)
{
	if (disassembler->library)
		dlclose(disassembler->library);
	*disassembler = (struct disassembler){0};
}
