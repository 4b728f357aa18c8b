noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	policy-lang/base/arena.c policy-lang/base/arena.h \
	policy-lang/base/diag.c policy-lang/base/diag.h policy-lang/base/diag_codes.def \
	policy-lang/base/letter.c policy-lang/base/letter.h \
	policy-lang/base/source.c policy-lang/base/source.h \
	policy-lang/base/text.c policy-lang/base/text.h
