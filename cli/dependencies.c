/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dependencies.h"

#include "cli/command.h"
#include "cli/output.h"

#include <string.h>

/*
 * NAME as GNU make reads it in a rule. False for what it has no form for: these end a line, make
 * the rule a pattern or an assignment, begin a recipe, or stand for other files or somebody's folder.
 */
static bool add_name(const char *name, struct text *out)
{
	size_t backslashes = 0;

	if (*name == '~' || name[strcspn(name, "\n\r%=;|*?[]")])
		return false;
	for (; *name; name++) {
		if (*name == ' ' || *name == '\t' || *name == '#' || *name == ':') {
			/* Those before it are no escapes of their own. */
			for (; backslashes; backslashes--)
				text_add_char(out, '\\');
			text_add_char(out, '\\');
		} else if (*name == '$') {
			text_add_char(out, '$');
		}
		backslashes = *name == '\\' ? backslashes + 1 : 0;
		text_add_char(out, *name);
	}
	/* In the end it would join the next name to this one. */
	return backslashes == 0;
}

struct rule {
	struct text names;   /* each behind a blank */
	struct text phonies; /* rules without a recipe */
	size_t count;
	const char *unfit; /* the first name that a makefile cannot hold, or NULL */
};

static void add_file(struct rule *rule, const char *name)
{
	bool fits;

	text_add_string(&rule->names, " \\\n ");
	fits = add_name(name, &rule->names);
	if (rule->count++) {
		text_add_char(&rule->phonies, '\n');
		add_name(name, &rule->phonies);
		text_add_string(&rule->phonies, ":\n");
	}
	if (!fits && !rule->unfit)
		rule->unfit = name;
}

int dependencies_write(const char *path, const char *target, const struct sources *sources,
		       const char *const *further, size_t further_count)
{
	struct rule rule = {0};
	struct text out = {0};
	const char *unfit = NULL;

	if (!add_name(target, &out))
		unfit = target;
	text_add_char(&out, ':');
	for (size_t i = 0; i < sources->list.count; i++) {
		const struct source *source = &sources->list.items[i];

		if (!source->shipped && strcmp(source->name, "<stdin>") != 0)
			add_file(&rule, source->name);
	}
	for (size_t i = 0; i < further_count; i++)
		if (further[i] && strcmp(further[i], "-") != 0)
			add_file(&rule, further[i]);
	if (!unfit)
		unfit = rule.unfit;
	if (rule.count)
		text_add(&out, rule.names.bytes, rule.names.length);
	text_add_char(&out, '\n');
	if (rule.phonies.length)
		text_add(&out, rule.phonies.bytes, rule.phonies.length);
	out.failed |= rule.names.failed | rule.phonies.failed;
	text_release(&rule.names);
	text_release(&rule.phonies);
	if (!unfit)
		return output_text(path, &out);
	text_release(&out);
	command_error("-M cannot write '%s' into a makefile: make has no form for that name",
		      unfit);
	return COMMAND_USAGE;
}
