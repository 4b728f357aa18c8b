/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <string.h>

#include "policy-lang/catalog/constant_tables.h"

size_t constant_count(void)
{
	return CONSTANT_COUNT;
}

const struct constant *constant_get(constant_id id)
{
	assert(id < CONSTANT_COUNT);
	return &constants[id];
}

constant_id constant_find(const char *name)
{
	size_t first = 0, last = CONSTANT_COUNT;

	while (first < last) {
		size_t middle = (first + last) / 2;
		int order = strcmp(name, constants[middle].name);

		if (!order)
			return (constant_id)middle;
		if (order < 0)
			last = middle;
		else
			first = middle + 1;
	}
	return CONSTANT_NONE;
}

bool constant_value(constant_id id, enum abi_id abi, uint64_t *value)
{
	assert(id < CONSTANT_COUNT && (unsigned int)abi < ABI_COUNT);
	for (size_t i = constant_exception_first[id]; i < constant_exception_first[id + 1]; i++) {
		const struct exception *exception = &constant_exceptions[i];

		if (exception->abis & ABI_BIT(abi)) {
			*value = exception->value;
			return exception->present;
		}
	}
	*value = constant_values[id];
	return true;
}

constant_id constant_name(const char *family, enum abi_id abi, uint64_t value)
{
	unsigned int count;
	const constant_id *members = constant_family(family, &count);

	for (unsigned int i = 0; i < count; i++) {
		uint64_t here;

		if (constant_value(members[i], abi, &here) && here == value)
			return members[i];
	}
	return CONSTANT_NONE;
}

const constant_id *constant_family(const char *family, unsigned int *count)
{
	size_t first = 0, last = FAMILY_COUNT;

	while (first < last) {
		size_t middle = (first + last) / 2;
		int order = strcmp(family, families[middle].name);

		if (!order) {
			*count = families[middle].count;
			return &family_members[families[middle].first];
		}
		if (order < 0)
			last = middle;
		else
			first = middle + 1;
	}
	*count = 0;
	return NULL;
}
