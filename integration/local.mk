# How programs that are built elsewhere get their filters: for autoconf, CMake, Meson and make.
# doc/build.md shows each, and examples/ has a program for each.
dist_aclocal_DATA = integration/pale.m4
aclocaldir = $(datadir)/aclocal
cmakedir = $(datadir)/cmake/Pale
dist_cmake_DATA = integration/FindPale.cmake integration/PaleConfig.cmake
dist_pkgdata_DATA = integration/pale.mk
mesondir = $(pkgdatadir)/meson
dist_meson_DATA = integration/meson.build
nodist_cmake_DATA = integration/PaleConfigVersion.cmake
CLEANFILES += integration/PaleConfigVersion.cmake
integration/PaleConfigVersion.cmake: integration/PaleConfigVersion.cmake.in Makefile
	$(AM_V_GEN)$(MKDIR_P) integration && sed -e 's|[@]VERSION@|$(VERSION)|' \
		$(srcdir)/integration/PaleConfigVersion.cmake.in >$@
EXTRA_DIST += integration/PaleConfigVersion.cmake.in
