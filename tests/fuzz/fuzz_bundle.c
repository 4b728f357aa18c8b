/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles: no bytes crash the reader that pale-run and the tools share, and what it takes is what
 * the writer writes. An input is a bundle as it is (first byte even), or edits of a good one (odd:
 * offset and value, two and four bytes each) whose size and checksum are put right, since by
 * chance they hardly ever are.
 */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct text good_bundle(void)
{
	static struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct filter filter = {
		.instructions = instructions,
		.count = 2,
		.abis = ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
	};
	static const struct filter *const filters[] = {&filter};
	static const struct bundle_phase phases[] = {{"late", filters, 1}, {"last", filters, 1}};
	static struct id_map maps[] = {{0, 1000, 10, false, false}, {10, 0, 1, true, false}};
	static struct resource_limit limits[] = {{1, 2, 3}, {7, 8, 9}};
	static uint32_t groups[] = {1, 2};
	static const struct sandbox sandbox = {
		.namespaces = BUNDLE_NAMESPACES,
		.uid_maps = {maps, 2, 2},
		.gid_maps = {maps, 1, 1},
		.hostname = "host",
		.has_capabilities = true,
		.capabilities = 1,
		.limits = {limits, 2, 2},
		.has_user = true,
		.user = 1,
		.has_groups = true,
		.groups = {groups, 2, 2},
	};
	const struct bundle_contents contents = {"name", filters, 1, &sandbox, phases, 2};
	struct text out = {0};
	const char *why;

	if (bundle_write(&contents, &out, &why))
		abort();
	return out;
}

static void set32(struct text *text, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4 && at + i < text->length; i++)
		text->bytes[at + i] = (char)(value >> (8 * i) & 0xff);
}

static struct text make_input(const uint8_t *data, size_t size)
{
	struct text text = {0};

	if (size == 0 || data[0] % 2 == 0) {
		if (size)
			text_add(&text, (const char *)data + 1, size - 1);
		return text;
	}
	text = good_bundle();
	for (size_t at = 1; at + 6 <= size; at += 6)
		set32(&text, bundle_get16(data + at) % text.length, bundle_get32(data + at + 2));
	set32(&text, BUNDLE_AT_CRC, bundle_crc((unsigned char *)text.bytes, (uint32_t)text.length));
	return text;
}

/* The writer may add an empty list of groups to a change of user or group. */
static bool writer_adds(const struct sandbox *sandbox)
{
	return sandbox && !sandbox->has_groups && (sandbox->has_user || sandbox->has_group);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = make_input(data, size), again = {0};
	struct bundle_contents contents;
	struct arena arena;
	const char *why = NULL;

	if (arena_init(&arena))
		abort();
	if (bundle_read(&arena, text.bytes, text.length, &contents, &why) == 0) {
		if (bundle_write(&contents, &again, &why))
			abort();
		if (!writer_adds(contents.sandbox) &&
		    (again.length != text.length ||
		     memcmp(again.bytes, text.bytes, text.length) != 0))
			abort();
	} else if (!why) {
		abort();
	}
	arena_release(&arena);
	text_release(&text);
	text_release(&again);
	return 0;
}
