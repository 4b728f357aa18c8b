/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pale-run and bundles that are not as they should be: each is refused with status 125, and the
 * program never runs. The bundles stand in memory, one process a case.
 */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *shim_path(void)
{
	const char *path = getenv("PALE_RUN");

	return path ? path : "./pale-run";
}

/* What one run of `pale-run BUNDLE echo ran` gave. */
struct outcome {
	int status;
	char said[512];
};

static int memory_file(const char *bytes, size_t length)
{
	int fd = memfd_create("bundle", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct outcome run(const char *bytes, size_t length)
{
	struct outcome outcome = {0};
	int bundle = memory_file(bytes, length), output = memfd_create("output", 0);
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(output, 1);
		dup2(output, 2);
		dup2(bundle, 0);
		execl(shim_path(), "pale-run", "--bundle-fd=0", "--", "/bin/echo", "ran", NULL);
		_exit(99);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	assert_true(pread(output, outcome.said, sizeof(outcome.said) - 1, 0) >= 0);
	close(bundle);
	close(output);
	return outcome;
}

static struct text make_bundle(void)
{
	static struct sock_filter instructions[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct filter filter = {
		.instructions = instructions,
		.count = 1,
		.abis = ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
	};
	static const struct filter *const filters[] = {&filter};
	static struct resource_limit limits[] = {{4, 0, 0}};
	static const struct sandbox sandbox = {.limits = {limits, 1, 1}};
	const struct bundle_contents contents = {"damaged", filters, 1, &sandbox, NULL, 0};
	struct text out = {0};
	const char *why;

	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	return out;
}

static void expect_refusal(const char *bytes, size_t length, const char *words, const char *what,
			   size_t number)
{
	struct outcome outcome = run(bytes, length);

	if (outcome.status != 125 || strncmp(outcome.said, "pale-run: ", 10) != 0 ||
	    !strstr(outcome.said, words))
		fail_msg("%s %zu: status %d, and it said: %s", what, number, outcome.status,
			 outcome.said);
}

static void test_intact(void **state)
{
	struct text bundle = make_bundle();
	struct outcome outcome = run(bundle.bytes, bundle.length);

	(void)state;
	assert_string_equal(outcome.said, "ran\n");
	assert_int_equal(outcome.status, 0);
	text_release(&bundle);
}

static void test_every_length(void **state)
{
	struct text bundle = make_bundle();

	(void)state;
	for (size_t length = 0; length < bundle.length; length++)
		expect_refusal(bundle.bytes, length, "bundle: ", "length", length);
	text_add_char(&bundle, '\0');
	expect_refusal(bundle.bytes, bundle.length, "bundle: there is something behind its end",
		       "length", bundle.length);
	text_release(&bundle);
}

static void test_every_byte(void **state)
{
	struct text bundle = make_bundle();

	(void)state;
	for (size_t at = 0; at < bundle.length; at++) {
		bundle.bytes[at] = (char)~bundle.bytes[at];
		expect_refusal(bundle.bytes, bundle.length, "bundle: ", "byte", at);
		bundle.bytes[at] = (char)~bundle.bytes[at];
	}
	text_release(&bundle);
}

static void set32(struct text *text, size_t at, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		text->bytes[at + i] = (char)(value >> (8 * i) & 0xff);
}

static uint32_t get32(const struct text *text, size_t at)
{
	return bundle_get32((const unsigned char *)text->bytes + at);
}

/* A bundle that is right, and for something else. */
static void test_other_machines(void **state)
{
	static const struct {
		uint32_t machine;
		uint32_t big_endian;
		uint32_t arch;
		const char *words;
	} machines[] = {
		{EM_AARCH64, 0, AUDIT_ARCH_AARCH64, "this machine (x86, little endian), but for: "},
		{EM_AARCH64, 0, AUDIT_ARCH_ARM, "but for: arm, little endian\n"},
		{EM_MIPS, 1, AUDIT_ARCH_MIPS, "but for: mips, big endian\n"},
		{EM_MIPS, 0, AUDIT_ARCH_MIPSEL, "but for: mips, little endian\n"},
		{EM_MIPS, 1, AUDIT_ARCH_MIPS64N32, "but for: mips, big endian\n"},
		{EM_RISCV, 0, AUDIT_ARCH_RISCV32, "but for: riscv, little endian\n"},
		{EM_PPC64, 1, AUDIT_ARCH_PPC, "but for: powerpc, big endian\n"},
		{EM_PPC64, 0, AUDIT_ARCH_PPC64LE, "but for: powerpc, little endian\n"},
		{EM_S390, 1, AUDIT_ARCH_S390X, "but for: s390, big endian\n"},
		{EM_LOONGARCH, 0, AUDIT_ARCH_LOONGARCH64, "but for: loongarch, little endian\n"},
		{EM_PARISC, 1, AUDIT_ARCH_PARISC, "but for: machine 15, big endian\n"},
		{EM_X86_64, 1, AUDIT_ARCH_I386, "serves an ABI of another machine"},
		{EM_X86_64, 1, EM_386, "but for: x86, big endian\n"},
		{EM_X86_64, 0, AUDIT_ARCH_I386, "serves other ABIs than x86_64, by which"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct text bundle = make_bundle();
		/* The second section; one ABI of its three is left, the others become returns. */
		size_t entry = BUNDLE_HEADER_SIZE + BUNDLE_SECTION_ENTRY_SIZE;
		size_t filter = get32(&bundle, entry + BUNDLE_SECTION_AT_OFFSET);

		set32(&bundle, filter + BUNDLE_FILTER_AT_MACHINE, machines[i].machine);
		set32(&bundle, filter + BUNDLE_FILTER_AT_BYTE_ORDER, machines[i].big_endian);
		set32(&bundle, filter + BUNDLE_FILTER_AT_ABI_COUNT, 1);
		set32(&bundle, filter + BUNDLE_FILTER_AT_INSTRUCTION_COUNT, 5);
		set32(&bundle, filter + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH,
		      machines[i].arch);
		set32(&bundle, BUNDLE_AT_CRC,
		      bundle_crc((unsigned char *)bundle.bytes, (uint32_t)bundle.length));
		expect_refusal(bundle.bytes, bundle.length, machines[i].words, "machine", i);
		text_release(&bundle);
	}
}

/* Every filter of a bundle that has none for this machine is named. */
static void test_many_machines(void **state)
{
	enum {
		FILTERS = 3,
		SIZE = BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_SIZE + BUNDLE_INSTRUCTION_SIZE,
	};
	static const uint32_t machines[FILTERS][3] = {
		{EM_MIPS, 0, AUDIT_ARCH_MIPSEL},
		{EM_MIPS, 1, AUDIT_ARCH_MIPS64},
		{EM_RISCV, 0, AUDIT_ARCH_RISCV64},
	};
	size_t table = BUNDLE_HEADER_SIZE;
	size_t first = table + FILTERS * BUNDLE_SECTION_ENTRY_SIZE;
	struct text bundle = {0};

	(void)state;
	for (size_t i = 0; i < first + FILTERS * SIZE; i++)
		text_add_char(&bundle, '\0');
	memcpy(bundle.bytes, BUNDLE_MAGIC, 8);
	set32(&bundle, BUNDLE_AT_VERSION, BUNDLE_VERSION);
	set32(&bundle, BUNDLE_AT_SIZE, (uint32_t)bundle.length);
	set32(&bundle, BUNDLE_AT_SECTION_COUNT, FILTERS);
	for (size_t i = 0; i < FILTERS; i++) {
		size_t entry = table + i * BUNDLE_SECTION_ENTRY_SIZE, at = first + i * SIZE;

		set32(&bundle, entry + BUNDLE_SECTION_AT_KIND, BUNDLE_SECTION_FILTER);
		set32(&bundle, entry + BUNDLE_SECTION_AT_OFFSET, (uint32_t)at);
		set32(&bundle, entry + BUNDLE_SECTION_AT_SIZE, SIZE);
		set32(&bundle, at + BUNDLE_FILTER_AT_MACHINE, machines[i][0]);
		set32(&bundle, at + BUNDLE_FILTER_AT_BYTE_ORDER, machines[i][1]);
		set32(&bundle, at + BUNDLE_FILTER_AT_ABI_COUNT, 1);
		set32(&bundle, at + BUNDLE_FILTER_AT_INSTRUCTION_COUNT, 1);
		set32(&bundle, at + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH, machines[i][2]);
	}
	set32(&bundle, BUNDLE_AT_CRC,
	      bundle_crc((unsigned char *)bundle.bytes, (uint32_t)bundle.length));
	expect_refusal(bundle.bytes, bundle.length,
		       "bundle: it has no filter for this machine (x86, little endian), but for: "
		       "mips, little endian; mips, big endian; riscv, little endian\n",
		       "machines", FILTERS);
	text_release(&bundle);
}

/* One written with the other byte order is called that, and not damaged by chance. */
static void test_other_byte_order(void **state)
{
	struct text bundle = make_bundle();

	(void)state;
	set32(&bundle, BUNDLE_AT_VERSION, (uint32_t)BUNDLE_VERSION << 24);
	expect_refusal(bundle.bytes, bundle.length, "bundle: its numbers are big-endian", "order",
		       0);
	set32(&bundle, BUNDLE_AT_VERSION, 1);
	expect_refusal(bundle.bytes, bundle.length, "bundle: its version is older", "version", 1);
	text_release(&bundle);
}

/* Instructions that the kernel refuses: the bundle is sound, and nothing runs all the same. */
static void test_bad_instructions(void **state)
{
	static struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct filter filter = {
		.instructions = instructions,
		.count = 2,
		.abis = ABI_BIT(ABI_X86_64),
	};
	static const struct filter *const filters[] = {&filter};
	const struct bundle_contents contents = {NULL, filters, 1, NULL, NULL, 0};
	struct text out = {0};
	const char *why;

	(void)state;
	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	expect_refusal(out.bytes, out.length, "filter: the kernel does not take it (EINVAL)",
		       "filter", 0);
	text_release(&out);
}

static void test_not_bundles(void **state)
{
	char *huge = calloc(1, BUNDLE_SIZE_MAX + 1);

	(void)state;
	expect_refusal("default allow;\n", 15, "it is not a bundle", "text", 0);
	expect_refusal(huge, BUNDLE_SIZE_MAX, "it is not a bundle", "zeros", 0);
	expect_refusal(huge, BUNDLE_SIZE_MAX + 1, "it is too large", "zeros", 1);
	free(huge);
}

/* Files by name: absent, a folder, one that may not be read, one that never ends. */
static void test_files(void **state)
{
	static const struct {
		const char *path;
		const char *words;
	} files[] = {
		{"/no/such/bundle", "cannot open '/no/such/bundle' (ENOENT)"},
		{"", "cannot open '' (ENOENT)"},
		{"/", "cannot read it (EISDIR)"},
		{"/dev/zero", "it is too large"},
		{"/dev/null", "it is not a bundle"},
		{"/proc/1/mem", "(E"},
	};
	char command[256], said[512];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *output;
		int status;

		snprintf(command, sizeof(command), "exec '%s' '%s' echo ran 2>&1", shim_path(),
			 files[i].path);
		output = popen(command, "r");
		assert_non_null(output);
		said[fread(said, 1, sizeof(said) - 1, output)] = '\0';
		status = pclose(output);
		assert_int_equal(WEXITSTATUS(status), 125);
		if (!strstr(said, files[i].words))
			fail_msg("%s: it said: %s", files[i].path, said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intact),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_other_machines),
		cmocka_unit_test(test_many_machines),
		cmocka_unit_test(test_other_byte_order),
		cmocka_unit_test(test_bad_instructions),
		cmocka_unit_test(test_not_bundles),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
