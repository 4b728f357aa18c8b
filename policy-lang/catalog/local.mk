# The catalogue: the kernel's vocabulary.
noinst_LIBRARIES += libcatalog.a
libcatalog_a_SOURCES = policy-lang/catalog/abi.h policy-lang/catalog/call.h \
	policy-lang/catalog/constant.h
