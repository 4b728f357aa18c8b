/* SPDX-License-Identifier: Apache-2.0 */
/* From the lines of `sandbox { }` to struct sandbox. */
#ifndef PALE_RESOLVE_SANDBOX_RESOLVE_H
#define PALE_RESOLVE_SANDBOX_RESOLVE_H

#include "compiler/resolve/resolver.h"
#include "compiler/resolve/sandbox.h"

/* The sandbox that a SANDBOX statement means. What is wrong has been reported. */
const struct sandbox *sandbox_resolve(struct resolver *resolver, const struct stmt *stmt);

/*
 * The values of one setting, read from the left. Each reader takes the next value and goes on, or
 * reports what is wanted instead and returns false.
 */
struct setting_reader {
	struct resolver *resolver;
	const struct setting *setting;
	size_t next;
};
/* WANTED says what it is, for a message. */
bool setting_read_number(struct setting_reader *reader, uint64_t most, const char *wanted,
			 uint64_t *number);
const struct setting_value *setting_read_word(struct setting_reader *reader, const char *wanted);
const struct setting_value *setting_read_string(struct setting_reader *reader, const char *wanted);
/* Takes the next value where it is this word, or a comma; says nothing where it is not. */
bool setting_take_word(struct setting_reader *reader, const char *word);
bool setting_take_comma(struct setting_reader *reader);
bool setting_at_end(const struct setting_reader *reader);
/* Reports what stands behind the last value that is wanted. */
bool setting_read_end(struct setting_reader *reader);
/* Says that WANTED is what should stand next. */
void setting_report_wanted(struct setting_reader *reader, const char *wanted);
/* Where the next value stands, or the setting's name where there is none. */
struct span setting_next_span(const struct setting_reader *reader);

/* The settings; each fills its part of SANDBOX. */
void sandbox_read_capabilities(struct setting_reader *reader, struct sandbox *sandbox);
void sandbox_read_limit(struct setting_reader *reader, struct sandbox *sandbox);
/* IS_GROUP: gid instead of uid. */
void sandbox_read_map(struct setting_reader *reader, struct sandbox *sandbox, bool is_group);
/* Once all are read: whether INSIDE is one of the ids that the maps give. */
bool sandbox_has_id(const struct id_map *maps, size_t count, uint32_t inside);

#endif
