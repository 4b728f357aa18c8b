/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue's capabilities are those that libcap knows, with the same numbers. */
#include "policy-lang/catalog/constant.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#include <cmocka.h>

/* CAP_CHOWN for cap_chown. */
static void to_upper(char *name)
{
	for (; *name; name++)
		*name = (char)toupper((unsigned char)*name);
}

static void libcap_names_are_known(void **state)
{
	cap_value_t count = cap_max_bits();

	(void)state;
	assert_true(count > 0);
	for (cap_value_t number = 0; number < count; number++) {
		char *name = cap_to_name(number);
		uint64_t value = UINT64_MAX;

		assert_non_null(name);
		/* A kernel may have more than this libcap has names for: those are numbers. */
		if (isdigit((unsigned char)name[0])) {
			cap_free(name);
			continue;
		}
		to_upper(name);
		if (constant_find(name) == CONSTANT_NONE)
			fail_msg("the catalogue lacks %s", name);
		for (int abi = 0; abi < ABI_COUNT; abi++) {
			assert_true(constant_value(constant_find(name), (enum abi_id)abi, &value));
			assert_int_equal(value, number);
		}
		cap_free(name);
	}
}

static void catalogue_names_are_known(void **state)
{
	unsigned int count, compared = 0;
	const constant_id *family = constant_family("CAP_", &count);

	(void)state;
	assert_true(count > 0);
	for (unsigned int i = 0; i < count; i++) {
		const char *name = constant_get(family[i])->name;
		char lower[64];
		uint64_t value;
		cap_value_t number;

		snprintf(lower, sizeof(lower), "%s", name);
		for (char *at = lower; *at; at++)
			*at = (char)tolower((unsigned char)*at);
		assert_true(constant_value(family[i], ABI_X86_64, &value));
		/* CAP_LAST_CAP and the like are no capabilities of their own. */
		if (cap_from_name(lower, &number) < 0)
			continue;
		assert_int_equal(number, value);
		compared++;
	}
	assert_true(compared >= 41); /* as many as Linux 5.9 has */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libcap_names_are_known),
		cmocka_unit_test(catalogue_names_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
