# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="openssl"
subject=/usr/bin/openssl
prepare() {
	port_free >port
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=localhost
	echo content >page.html
}
openssl_client() { echo Q | openssl s_client -connect "127.0.0.1:$(cat port)" "$@"; }
openssl_get() {
	printf 'GET /%s HTTP/1.0\r\n\r\n' "$1" |
		openssl s_client -quiet -ign_eof -connect "127.0.0.1:$(cat port)" 2>/dev/null
}
openssl_one() { for _ in 1 2 3; do openssl_get page.html | grep -q content || return 1; done; }
openssl_two() {
	openssl_client -tls1_2 </dev/null && openssl_get none | grep -qi error &&
		openssl_client -tls1_3 -sess_out session && openssl_get page.html | grep -q content &&
		! openssl_client -cipher NULL-MD5 -tls1_2
}
one() {
	serve_expected=143 serve openssl_client openssl_one "$@" openssl s_server -quiet -WWW -key key -cert cert \
		-accept "127.0.0.1:$(cat port)"
}
two() {
	serve_expected=143 serve openssl_client openssl_two "$@" openssl s_server -WWW -key key -cert cert \
		-accept "127.0.0.1:$(cat port)" -state
}
