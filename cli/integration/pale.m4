dnl SPDX-License-Identifier: Apache-2.0
dnl PALE_CHECK([ACTION-IF-FOUND], [ACTION-IF-NOT-FOUND])
dnl
dnl Finds pale, which runs on the machine that builds, whatever machine it builds for, and
dnl substitutes
dnl
dnl	PALE		the program
dnl	PALEFLAGS	options for it, the user's to set: PALEFLAGS="--arch arm"
dnl	PALE_RULES	rules of GNU make, for a line @PALE_RULES@ in Makefile.am or Makefile.in:
dnl			NAME_filter.h, NAME_filter.o and NAME.bundle are made from NAME.pale, and
dnl			again where a file that it includes changes
dnl
dnl Without ACTION-IF-NOT-FOUND it is an error not to find it. For libpale there is
dnl PKG_CHECK_MODULES([PALE_LIBRARY], [pale]).
AC_DEFUN([PALE_CHECK], [
	AC_ARG_VAR([PALE], [the compiler of seccomp policies])
	AC_ARG_VAR([PALEFLAGS], [options for it, as --arch x86_64,x86])
	AC_PATH_PROG([PALE], [pale])
	AS_IF([test -n "$PALE"], [
		AC_MSG_CHECKING([whether $PALE compiles policies for C])
		AS_IF(["$PALE" compile --format c -h >/dev/null 2>&AS_MESSAGE_LOG_FD],
			[AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no]); PALE=])
	])
	AS_IF([test -n "$PALE"], [$1],
		[m4_default([$2], [AC_MSG_ERROR([pale, which compiles seccomp policies, is missing])])])
	PALE_RULES='
%_filter.h: %.pale
	$(PALE) compile $(PALEFLAGS) --format c -M @S|@@.d -o @S|@@ $<
%_filter.o: %.pale
	$(PALE) compile $(PALEFLAGS) --format elf -M @S|@@.d -o @S|@@ $<
%.bundle: %.pale
	$(PALE) compile $(PALEFLAGS) -M @S|@@.d -o @S|@@ $<
-include $(wildcard *_filter.h.d *_filter.o.d *.bundle.d)
'
	AC_SUBST([PALE_RULES])
	m4_ifdef([AM_SUBST_NOTMAKE], [AM_SUBST_NOTMAKE([PALE_RULES])])
])
