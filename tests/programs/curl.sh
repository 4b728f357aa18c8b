# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="curl python3"
subject=/usr/bin/curl
prepare() {
	mkdir -p www
	head -c 200000 /dev/zero | tr '\0' c >www/file
	port_free >port
}
with_server() {
	python3 -m http.server --bind 127.0.0.1 -d www "$(cat port)" >/dev/null 2>&1 &
	curl_server=$!
	for _ in $(seq 100); do
		curl -s -o /dev/null "http://127.0.0.1:$(cat port)/" && break
		sleep 0.1
	done
	"$@"
	curl_status=$?
	kill $curl_server
	wait $curl_server 2>/dev/null
	return $curl_status
}
fetch_one() { "$@" curl -s -o got "http://127.0.0.1:$(cat port)/file" && cmp -s got www/file; }
fetch_two() {
	"$@" curl -sS --retry 1 -r 100-199 -D head --etag-save tag -C - --limit-rate 9M -Z \
		-o part "http://localhost:$(cat port)/file" \
		-o none "http://localhost:$(cat port)/none" -T www/file "http://127.0.0.1:$(cat port)/put"
	[ -s head ]
}
one() { with_server fetch_one "$@"; }
two() { rm -f part none tag && with_server fetch_two "$@"; }
