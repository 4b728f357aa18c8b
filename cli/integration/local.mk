# How programs that are built elsewhere get their filters: for autoconf, CMake, Meson and make.
# doc/build.md shows each, and examples/ has a program for each.
dist_aclocal_DATA = cli/integration/pale.m4
aclocaldir = $(datadir)/aclocal
cmakedir = $(datadir)/cmake/Pale
dist_cmake_DATA = cli/integration/FindPale.cmake cli/integration/PaleConfig.cmake
dist_pkgdata_DATA = cli/integration/pale.mk
mesondir = $(pkgdatadir)/meson
dist_meson_DATA = cli/integration/meson.build
nodist_cmake_DATA = cli/integration/PaleConfigVersion.cmake
CLEANFILES += cli/integration/PaleConfigVersion.cmake
cli/integration/PaleConfigVersion.cmake: cli/integration/PaleConfigVersion.cmake.in Makefile
	$(AM_V_GEN)$(MKDIR_P) cli/integration && sed -e 's|[@]VERSION@|$(VERSION)|' \
		$(srcdir)/cli/integration/PaleConfigVersion.cmake.in >$@
EXTRA_DIST += cli/integration/PaleConfigVersion.cmake.in
