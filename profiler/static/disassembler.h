/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capstone, loaded when a program's code is read and not before: the linker's work on its tables takes
 * longer than all else that pale does as it starts.
 */
#ifndef PALE_PROFILER_STATIC_DISASSEMBLER_H
#define PALE_PROFILER_STATIC_DISASSEMBLER_H

#include <capstone/capstone.h>

/* Each is what <capstone/capstone.h> declares as cs_NAME. */
struct disassembler {
	void *library; /* NULL: not loaded */
	__typeof__(cs_open) *open;
	__typeof__(cs_close) *close;
	__typeof__(cs_option) *option;
	__typeof__(cs_malloc) *malloc;
	__typeof__(cs_free) *free;
	__typeof__(cs_disasm_iter) *disasm_iter;
};

/*
 * Loads it. NULL, or the reason why it can't be loaded, good until the next call of dlopen(3). Ended by
 * disassembler_unload(), safe in each case.
 */
const char *disassembler_load(struct disassembler *disassembler);
void disassembler_unload(struct disassembler *disassembler);

#endif
