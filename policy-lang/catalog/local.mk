# The catalogue: the kernel's vocabulary. The C tables are made from data/*.tsv.
noinst_LIBRARIES += libcatalog.a
libcatalog_a_SOURCES = policy-lang/catalog/abi.c policy-lang/catalog/abi.h \
	policy-lang/catalog/abi_rows.h policy-lang/catalog/abi_x86.c policy-lang/catalog/abi_arm.c \
	policy-lang/catalog/abi_mips.c policy-lang/catalog/abi_riscv.c \
	policy-lang/catalog/abi_powerpc.c policy-lang/catalog/abi_s390.c \
	policy-lang/catalog/abi_loongarch.c \
	policy-lang/catalog/call.c policy-lang/catalog/call.h \
	policy-lang/catalog/constant.c policy-lang/catalog/constant.h
nodist_libcatalog_a_SOURCES = policy-lang/catalog/call_tables.h \
	policy-lang/catalog/constant_tables.h

catalog_call_data = policy-lang/catalog/data/calls.tsv policy-lang/catalog/data/signatures.tsv \
	policy-lang/catalog/data/equivalents.tsv policy-lang/catalog/data/multiplexers.tsv
policy-lang/catalog/call_tables.h: policy-lang/catalog/scripts/calls.awk $(catalog_call_data)
	@$(MKDIR_P) policy-lang/catalog
	$(AM_V_GEN)(cd $(srcdir)/policy-lang/catalog/data && LC_ALL=C $(AWK) -f ../scripts/calls.awk \
	calls.tsv signatures.tsv equivalents.tsv multiplexers.tsv) >$@.tmp && mv $@.tmp $@

policy-lang/catalog/constant_tables.h: policy-lang/catalog/scripts/constants.awk \
	policy-lang/catalog/data/calls.tsv policy-lang/catalog/data/constants.tsv
	@$(MKDIR_P) policy-lang/catalog
	$(AM_V_GEN)(cd $(srcdir)/policy-lang/catalog/data && LC_ALL=C $(AWK) -f ../scripts/constants.awk \
	calls.tsv constants.tsv) >$@.tmp && mv $@.tmp $@

# BUILT_SOURCES are made first by `make all` and `make check` alone.
policy-lang/catalog/call.$(OBJEXT): policy-lang/catalog/call_tables.h
policy-lang/catalog/constant.$(OBJEXT): policy-lang/catalog/constant_tables.h
BUILT_SOURCES += policy-lang/catalog/call_tables.h policy-lang/catalog/constant_tables.h
CLEANFILES += policy-lang/catalog/call_tables.h policy-lang/catalog/constant_tables.h
EXTRA_DIST += policy-lang/catalog/scripts/calls.awk $(catalog_call_data) \
	policy-lang/catalog/scripts/constants.awk policy-lang/catalog/data/constants.tsv \
	policy-lang/catalog/scripts/compare_entries.py \
	policy-lang/catalog/scripts/headers.tsv policy-lang/catalog/scripts/headers.py \
	policy-lang/catalog/scripts/update_calls.py \
	policy-lang/catalog/scripts/update_constants.py policy-lang/catalog/scripts/vocabulary.tsv
