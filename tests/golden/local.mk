# Policies with what pale says about them and makes of them: see tests/golden/run.
dist_check_SCRIPTS += tests/golden/run
TESTS += tests/golden/run
# Not by EXTRA_DIST, which would take the folder of the build, with its logs, as well.
dist-hook:
	(cd $(srcdir) && find tests/golden -type f ! -name '*.log' ! -name '*.trs' | \
		tar cf - -T -) | (cd $(distdir) && tar xf -)
