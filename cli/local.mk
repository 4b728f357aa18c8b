# The command line: pale, one file a subcommand.
bin_PROGRAMS += pale
pale_SOURCES = cli/main.c cli/command.h
pale_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
