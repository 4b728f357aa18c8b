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
	doc/man/pale-report.1 \
	doc/man/pale-run.1 \
	doc/man/pale-sim.1 \
	doc/man/pale-oci-hook.8 \
	doc/man/pale_apply.3

# The documents, in the folders that they have here, so that their links lead somewhere; the manual
# pages name the language and the diagnostics, and the pages on builds the examples.
dist_doc_DATA = README.md
docpagesdir = $(docdir)/doc
dist_docpages_DATA = \
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
	doc/learn.md \
	doc/libseccomp.md \
	doc/proof.md \
	doc/recording.md \
	doc/recording.schema.json
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/docker.pale examples/webserver.pale examples/worker.pale
examples_autoconfdir = $(examplesdir)/autoconf
dist_examples_autoconf_DATA = examples/autoconf/Makefile.am examples/autoconf/configure.ac examples/autoconf/longest.c examples/autoconf/longest.pale
examples_cmakedir = $(examplesdir)/cmake
dist_examples_cmake_DATA = examples/cmake/CMakeLists.txt examples/cmake/words.c examples/cmake/words.pale
examples_libpaledir = $(examplesdir)/libpale
dist_examples_libpale_DATA = examples/libpale/lines.c examples/libpale/lines.pale
examples_makedir = $(examplesdir)/make
dist_examples_make_DATA = examples/make/Makefile examples/make/sum.c examples/make/sum.pale
examples_mesondir = $(examplesdir)/meson
dist_examples_meson_DATA = examples/meson/meson.build examples/meson/upper.c examples/meson/upper.pale
examples_serverdir = $(examplesdir)/server
dist_examples_server_DATA = examples/server/echoes.c examples/server/echoes.pale
examples_kubernetesdir = $(examplesdir)/kubernetes
dist_examples_kubernetes_DATA = examples/kubernetes/Containerfile examples/kubernetes/README.md \
	examples/kubernetes/generate.yaml examples/kubernetes/record-pods examples/kubernetes/recorder.yaml
examples_oci_hookdir = $(examplesdir)/oci-hook
dist_examples_oci_hook_DATA = examples/oci-hook/README.md examples/oci-hook/pale.json
