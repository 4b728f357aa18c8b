# Importers and exporters: policies in the words of others.
libcompiler_a_SOURCES += \
	compiler/exchange/check_calls.c \
	compiler/exchange/check_strangers.c \
	compiler/exchange/consumer.c compiler/exchange/consumer.h \
	compiler/exchange/cube.c compiler/exchange/cube.h \
	compiler/exchange/export.c compiler/exchange/export.h \
	compiler/exchange/export_lxc.c \
	compiler/exchange/export_oci.c compiler/exchange/format.h \
	compiler/exchange/parts.c compiler/exchange/parts.h \
	compiler/exchange/plan.c compiler/exchange/plan.h \
	compiler/exchange/planner.c compiler/exchange/planner.h
