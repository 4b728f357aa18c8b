/* SPDX-License-Identifier: Apache-2.0 */
/* Gets the bundle into memory, whole, and finds what is for this machine. */
#include "runtime/shim.h"

/* One byte more than a bundle may have, to see that it is longer. */
static const unsigned char *bundle_bytes(int fd, uint32_t *size)
{
	static union {
		unsigned char bytes[BUNDLE_SIZE_MAX + 1];
		uint64_t aligned;
	} buffer;
	uint32_t length = 0;

	for (;;) {
		long got = sys_read(fd, buffer.bytes + length, sizeof(buffer.bytes) - length);

		if (got == -EINTR)
			continue;
		if (got < 0)
			fail(SHIM_FAILED, "bundle", got, "cannot read it", NULL);
		length += (uint32_t)got;
		if (length > BUNDLE_SIZE_MAX)
			fail(SHIM_FAILED, "bundle", 0, "it is too large", NULL);
		if (got == 0)
			break;
	}
	*size = length;
	return buffer.bytes;
}

/* A family as a bundle numbers it; NULL for one without a name here. */
static const char *machine_name(uint32_t machine)
{
	switch (machine) {
	case EM_X86_64:
		return "x86";
	case EM_AARCH64:
		return "arm";
	case EM_MIPS:
		return "mips";
	case EM_RISCV:
		return "riscv";
	case EM_PPC64:
		return "powerpc";
	case EM_S390:
		return "s390";
	case EM_LOONGARCH:
		return "loongarch";
	default:
		return NULL;
	}
}

static void machine_add(struct message *message, uint32_t machine, bool big_endian)
{
	const char *name = machine_name(machine);
	char number[24];

	if (!name)
		message_add(message, "machine ");
	message_add(message, name ? name : number_text(number, machine));
	message_add(message, big_endian ? ", big endian" : ", little endian");
}

static void __attribute__((noreturn)) filter_lack(const struct bundle_view *view)
{
	struct message here = {.length = 0}, there = {.length = 0};

	machine_add(&here, ARCH_MACHINE, ARCH_BIG_ENDIAN);
	for (uint32_t i = 0; i < view->filter_count && view->filters[i].phase == 0; i++) {
		if (i)
			message_add(&there, "; ");
		machine_add(&there, view->filters[i].machine, view->filters[i].big_endian);
	}
	fail(SHIM_FAILED, "bundle", 0, "it has no filter for this machine (", here.bytes,
	     "), but for: ", there.bytes, NULL);
}

/* That of the first phase: the program itself puts on what comes later. */
static const struct bundle_filter *filter_find(const struct bundle_view *view)
{
	const struct bundle_filter *filter =
		bundle_find_filter(view, 0, ARCH_MACHINE, ARCH_BIG_ENDIAN);

	if (!filter)
		filter_lack(view);
	if (!bundle_filter_serves(filter, ARCH_AUDIT, __NR_execve))
		fail(SHIM_FAILED, "bundle", 0,
		     "its filter serves other ABIs than " ARCH_NAME
		     ", by which pale-run starts programs",
		     NULL);
	return filter;
}

/* The instructions in this machine's own form, where they stand. */
static struct sock_filter *instructions_turn(const struct bundle_filter *filter)
{
	struct sock_filter *native = (struct sock_filter *)filter->instructions;

	_Static_assert(sizeof(*native) == BUNDLE_INSTRUCTION_SIZE, "an instruction has 8 bytes");
	if (!ARCH_BIG_ENDIAN)
		return native;
	for (uint32_t i = 0; i < filter->instruction_count; i++) {
		const unsigned char *at = filter->instructions + i * BUNDLE_INSTRUCTION_SIZE;

		native[i] = (struct sock_filter){
			.code = bundle_get16(at + BUNDLE_INSTRUCTION_AT_CODE),
			.jt = at[BUNDLE_INSTRUCTION_AT_JT],
			.jf = at[BUNDLE_INSTRUCTION_AT_JF],
			.k = bundle_get32(at + BUNDLE_INSTRUCTION_AT_K),
		};
	}
	return native;
}

void bundle_load(struct shim *shim)
{
	const unsigned char *bytes;
	const char *why;
	uint32_t size;
	long fd = shim->bundle_fd;

	if (shim->bundle_path) {
		fd = sys_open(shim->bundle_path, O_RDONLY);
		if (fd < 0)
			fail(SHIM_FAILED, "bundle", fd, "cannot open '", shim->bundle_path, "'",
			     NULL);
	}
	bytes = bundle_bytes((int)fd, &size);
	sys_close((int)fd);
	why = bundle_check(bytes, size, &shim->view);
	if (why)
		fail(SHIM_FAILED, "bundle", 0, shim->bundle_path ? shim->bundle_path : "",
		     shim->bundle_path ? ": " : "", why, NULL);
	shim->filter = filter_find(&shim->view);
	shim->program = (struct sock_fprog){
		.len = (unsigned short)shim->filter->instruction_count,
		.filter = instructions_turn(shim->filter),
	};
}
