# The compiler: one library, a fragment a folder.
noinst_LIBRARIES += libcompiler.a
libcompiler_a_SOURCES = compiler/compile.c compiler/compile.h \
	compiler/call_text.c compiler/call_text.h \
	compiler/findings.c compiler/findings.h compiler/listing.c \
	compiler/partition.c compiler/partition.h \
	compiler/phase_proof.c compiler/phase_proof.h \
	compiler/place.c compiler/place.h \
	compiler/ruling.c compiler/ruling.h
include compiler/resolve/local.mk
include compiler/graph/local.mk
include compiler/cbpf/local.mk
include compiler/prove/local.mk
include compiler/explain/local.mk
include compiler/emit/local.mk
include compiler/exchange/local.mk
include compiler/backend/local.mk
