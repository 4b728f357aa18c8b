# Whole programs, and input that is bad.
E2E_TESTS = \
	tests/e2e/adaptive \
	tests/e2e/against \
	tests/e2e/bad_bundles \
	tests/e2e/bad_filters \
	tests/e2e/bad_input \
	tests/e2e/bad_programs \
	tests/e2e/check \
	tests/e2e/commands \
	tests/e2e/control_groups \
	tests/e2e/decompile \
	tests/e2e/denials \
	tests/e2e/diff \
	tests/e2e/dump \
	tests/e2e/ebpf \
	tests/e2e/ebpf_groups \
	tests/e2e/fmt \
	tests/e2e/formats \
	tests/e2e/generate \
	tests/e2e/guards \
	tests/e2e/headers \
	tests/e2e/learn \
	tests/e2e/machines \
	tests/e2e/merge \
	tests/e2e/nginx \
	tests/e2e/objects \
	tests/e2e/phases \
	tests/e2e/pods \
	tests/e2e/python \
	tests/e2e/readme \
	tests/e2e/recording \
	tests/e2e/redis \
	tests/e2e/report \
	tests/e2e/report_browser \
	tests/e2e/rule_sets \
	tests/e2e/static \
	tests/e2e/static_limits \
	tests/e2e/terminal \
	tests/e2e/traps \
	tests/e2e/widen
dist_check_SCRIPTS += $(E2E_TESTS)
TESTS += $(E2E_TESTS)
EXTRA_DIST += tests/e2e/adaptive_calls.py tests/e2e/against.err tests/e2e/answering.c tests/e2e/denied.c tests/e2e/ebpf_moves.c tests/e2e/ebpf_moves.py tests/e2e/ebpf_same.py tests/e2e/ebpf_subject.c tests/e2e/fence.sh tests/e2e/fenced.c tests/e2e/fenced.pale tests/e2e/nginx_site.sh tests/e2e/pods_server.py tests/e2e/pods_subject.c tests/e2e/probe.c tests/e2e/python_work.py tests/e2e/report_page.py tests/e2e/report_recordings.py tests/e2e/static.err tests/e2e/static_elf.py tests/e2e/terminal.py
