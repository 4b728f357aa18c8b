# Manual pages: pale, and one a subcommand, in the order of the alphabet.
dist_man_MANS += \
	doc/man/pale.1 \
	doc/man/pale-asm.1 \
	doc/man/pale-check.1 \
	doc/man/pale-compile.1 \
	doc/man/pale-diff.1 \
	doc/man/pale-disasm.1 \
	doc/man/pale-dump.1 \
	doc/man/pale-export.1 \
	doc/man/pale-fmt.1 \
	doc/man/pale-generate.1 \
	doc/man/pale-list.1 \
	doc/man/pale-merge.1 \
	doc/man/pale-profile.1 \
	doc/man/pale-run.1 \
	doc/man/pale-sim.1 \
	doc/man/pale_apply.3

# The manual pages name the language and the diagnostics, which are here.
dist_doc_DATA = \
	README.md \
	doc/build.md \
	doc/bundle.md \
	doc/catalog.md \
	doc/compiler.md \
	doc/contributing.md \
	doc/decisions.md \
	doc/diagnostics.md \
	doc/diff.md \
	doc/export.md \
	doc/first-policy.md \
	doc/howto-add-an-abi.md \
	doc/language.md \
	doc/libseccomp.md \
	doc/proof.md \
	doc/recording.md \
	doc/recording.schema.json
