# Programs of Debian, recorded and fenced.
PROGRAM_TESTS = tests/programs/enforced tests/programs/tracers
dist_check_SCRIPTS += $(PROGRAM_TESTS)
TESTS += $(PROGRAM_TESTS)
EXTRA_DIST += tests/programs/README.md tests/programs/compare.py tests/programs/lib.sh \
	tests/programs/bash.sh tests/programs/busybox.sh tests/programs/curl.sh \
	tests/programs/dash.sh tests/programs/find.sh tests/programs/gcc.sh tests/programs/git.sh \
	tests/programs/grep.sh tests/programs/make.sh tests/programs/mawk.sh \
	tests/programs/memcached.sh tests/programs/nginx.sh tests/programs/node.sh \
	tests/programs/openssl.sh tests/programs/perl.sh tests/programs/postgres.sh \
	tests/programs/python.sh tests/programs/redis.sh tests/programs/rsync.sh \
	tests/programs/sort.sh tests/programs/sqlite3.sh tests/programs/ssh-keygen.sh \
	tests/programs/tar.sh tests/programs/xz.sh
