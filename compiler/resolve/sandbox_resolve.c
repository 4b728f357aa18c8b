/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/sandbox_resolve.h"

#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "runtime/bundle.h"

#include <linux/sched.h>
#include <string.h>

static const struct {
	const char *name;
	uint32_t flag;
} namespaces[] = {
	{"user", CLONE_NEWUSER},     {"mount", CLONE_NEWNS},  {"pid", CLONE_NEWPID},
	{"net", CLONE_NEWNET},       {"ipc", CLONE_NEWIPC},   {"uts", CLONE_NEWUTS},
	{"cgroup", CLONE_NEWCGROUP}, {"time", CLONE_NEWTIME},
};

static uint32_t find_namespace(struct resolver *resolver, const struct setting_value *word)
{
	struct word_guess guess = {.word = word->text};
	struct diag *diag;

	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++) {
		if (strcmp(namespaces[i].name, word->text) == 0)
			return namespaces[i].flag;
		word_guess_offer(&guess, namespaces[i].name);
	}
	diag = resolver_error(resolver, DIAG_SETTING_VALUE, word->span,
			      "there is no namespace '%s'", word->text);
	resolver_suggest(resolver, diag, guess.best);
	return 0;
}

static void read_namespaces(struct setting_reader *reader, struct sandbox *sandbox)
{
	do {
		const struct setting_value *word = setting_read_word(reader, "a namespace");
		uint32_t flag = word ? find_namespace(reader->resolver, word) : 0;

		if (!word)
			return;
		if (sandbox->namespaces & flag)
			resolver_error(reader->resolver, DIAG_DUPLICATE, word->span,
				       "this namespace is in the list already");
		sandbox->namespaces |= flag;
	} while (setting_take_comma(reader));
	setting_read_end(reader);
}

static void read_hostname(struct setting_reader *reader, struct sandbox *sandbox)
{
	const struct setting_value *name = setting_read_string(reader, "a name in quotes");

	if (!name || !setting_read_end(reader))
		return;
	if (!*name->text || strlen(name->text) > BUNDLE_HOSTNAME_MAX) {
		resolver_error(reader->resolver, DIAG_SETTING_VALUE, name->span,
			       "a hostname has 1 to %d bytes", BUNDLE_HOSTNAME_MAX);
		return;
	}
	sandbox->hostname = name->text;
}

/* An id: (uid_t)-1 means "none" to the kernel. */
static bool read_id(struct setting_reader *reader, uint32_t *id)
{
	uint64_t number;

	if (!setting_read_number(reader, UINT32_MAX - 1, "an id, as a number,", &number))
		return false;
	*id = (uint32_t)number;
	return true;
}

static void read_user(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox->has_user = read_id(reader, &sandbox->user) && setting_read_end(reader);
}

static void read_group(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox->has_group = read_id(reader, &sandbox->group) && setting_read_end(reader);
}

static void read_groups(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox->has_groups = true;
	if (setting_take_word(reader, "none")) {
		setting_read_end(reader);
		return;
	}
	do {
		uint32_t id;

		if (!read_id(reader, &id))
			return;
		if (sandbox->groups.count == BUNDLE_GROUPS_MAX) {
			resolver_error(reader->resolver, DIAG_LIMIT, reader->setting->span,
				       "a sandbox has %d groups at most", BUNDLE_GROUPS_MAX);
			return;
		}
		*VEC_PUSH(reader->resolver->arena, &sandbox->groups) = id;
	} while (setting_take_comma(reader));
	setting_read_end(reader);
}

static void read_uid(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox_read_map(reader, sandbox, false);
}

static void read_gid(struct setting_reader *reader, struct sandbox *sandbox)
{
	sandbox_read_map(reader, sandbox, true);
}

static const struct known_setting {
	const char *name;
	void (*read)(struct setting_reader *reader, struct sandbox *sandbox); /* NULL: not yet */
	bool several;
} known_settings[] = {
	{"namespaces", read_namespaces, false},
	{"uid", read_uid, true},
	{"gid", read_gid, true},
	{"hostname", read_hostname, false},
	{"capabilities", sandbox_read_capabilities, false},
	{"limit", sandbox_read_limit, true},
	{"user", read_user, false},
	{"group", read_group, false},
	{"groups", read_groups, false},
	{"landlock", NULL, false},
	{"mount", NULL, false},
	{"root", NULL, false},
	{"environment", NULL, false},
	{"cgroup", NULL, false},
	{"descriptors", NULL, false},
};
enum {
	KNOWN_SETTINGS = sizeof(known_settings) / sizeof(*known_settings)
};

static size_t find_setting(struct resolver *resolver, const struct ast_name *name)
{
	struct word_guess guess = {.word = name->text};
	struct diag *diag;

	for (size_t i = 0; i < KNOWN_SETTINGS; i++) {
		if (strcmp(known_settings[i].name, name->text) == 0)
			return i;
		word_guess_offer(&guess, known_settings[i].name);
	}
	diag = resolver_error(resolver, DIAG_SETTING_UNKNOWN, name->span,
			      "a sandbox has no setting '%s'", name->text);
	if (name_wants_guess(resolver, diag))
		resolver_suggest(resolver, diag, guess.best);
	return KNOWN_SETTINGS;
}

/* GIVEN has the first setting of each kind. */
static void read_setting(struct resolver *resolver, const struct setting *setting,
			 const struct setting **given, struct sandbox *sandbox)
{
	struct setting_reader reader = {resolver, setting, 0};
	size_t index = find_setting(resolver, &setting->name);
	const struct known_setting *known = &known_settings[index];
	struct diag *diag;

	if (index == KNOWN_SETTINGS)
		return;
	if (!known->read) {
		resolver_error(resolver, DIAG_NOT_YET, setting->name.span,
			       "'%s' in a sandbox is not there yet", setting->name.text);
		return;
	}
	if (setting->has_block) {
		resolver_error(resolver, DIAG_SETTING_VALUE, setting->name.span,
			       "`%s` has no block of settings", setting->name.text);
		return;
	}
	if (given[index] && !known->several) {
		diag = resolver_error(resolver, DIAG_DUPLICATE, setting->name.span,
				      "`%s` is set already", setting->name.text);
		resolver_note(resolver, diag, given[index]->name.span, "here");
		return;
	}
	if (!given[index])
		given[index] = setting;
	known->read(&reader, sandbox);
}

static const struct setting *find_given(const struct setting **given, const char *name)
{
	for (size_t i = 0; i < KNOWN_SETTINGS; i++)
		if (strcmp(known_settings[i].name, name) == 0)
			return given[i];
	return NULL;
}

/* Reports SETTING, where it is given, as one that needs a namespace which is not asked for. */
static void check_namespace(struct resolver *resolver, const struct sandbox *sandbox,
			    const struct setting *setting, uint32_t flag, const char *name)
{
	struct diag *diag;

	if (!setting || sandbox->namespaces & flag)
		return;
	diag = resolver_error(resolver, DIAG_SETTING_VALUE, setting->name.span,
			      "`%s` needs a %s namespace of its own", setting->name.text, name);
	resolver_note(resolver, diag, (struct span){0}, "`namespaces %s;` makes it", name);
}

/* Reports SETTING where it takes on ID, which no map gives inside the user namespace. */
static void check_id(struct resolver *resolver, const struct setting *setting,
		     const struct id_map *maps, size_t count, uint32_t id)
{
	/* Without a map there is one id, the runner's own, which nobody knows yet. */
	if (count && !sandbox_has_id(maps, count, id))
		resolver_error(resolver, DIAG_SETTING_VALUE, setting->name.span,
			       "`%s`: no map gives id %u inside the user namespace",
			       setting->name.text, id);
}

static void check_ids(struct resolver *resolver, const struct sandbox *sandbox,
		      const struct setting **given)
{
	if (!(sandbox->namespaces & CLONE_NEWUSER))
		return;
	if (sandbox->has_user)
		check_id(resolver, find_given(given, "user"), sandbox->uid_maps.items,
			 sandbox->uid_maps.count, sandbox->user);
	if (sandbox->has_group)
		check_id(resolver, find_given(given, "group"), sandbox->gid_maps.items,
			 sandbox->gid_maps.count, sandbox->group);
	for (size_t i = 0; i < sandbox->groups.count; i++)
		check_id(resolver, find_given(given, "groups"), sandbox->gid_maps.items,
			 sandbox->gid_maps.count, sandbox->groups.items[i]);
}

const struct sandbox *sandbox_resolve(struct resolver *resolver, const struct stmt *stmt)
{
	struct sandbox *sandbox = arena_alloc(resolver->arena, sizeof(*sandbox));
	const struct setting *given[KNOWN_SETTINGS] = {0};

	for (size_t i = 0; i < stmt->sandbox.settings.count; i++)
		read_setting(resolver, stmt->sandbox.settings.items[i], given, sandbox);
	check_namespace(resolver, sandbox, find_given(given, "uid"), CLONE_NEWUSER, "user");
	check_namespace(resolver, sandbox, find_given(given, "gid"), CLONE_NEWUSER, "user");
	check_namespace(resolver, sandbox, find_given(given, "hostname"), CLONE_NEWUTS, "uts");
	check_ids(resolver, sandbox, given);
	return sandbox;
}
