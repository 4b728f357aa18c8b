# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="nginx curl"
subject=/usr/sbin/nginx
prepare() {
	port_free >port
	mkdir -p www/empty tmp && chmod 777 tmp
	printf '<html><p>%0600d</p></html>\n' 0 >www/index.html
	head -c 3000000 /dev/urandom >www/large.bin
	head -c 60000 /dev/zero | tr '\0' a >www/long.txt
	head -c 100000 /dev/urandom >form
	cat >nginx.conf <<-END
		$([ "$(id -u)" -ne 0 ] || echo 'user www-data;')
		daemon off;
		worker_processes 2;
		error_log $PWD/error.log notice;
		pid $PWD/nginx.pid;
		events { worker_connections 128; }
		http {
			types { text/html html; text/plain txt; }
			access_log $PWD/access.log;
			client_body_temp_path $PWD/tmp/body;
			proxy_temp_path $PWD/tmp/proxy;
			fastcgi_temp_path $PWD/tmp/fastcgi;
			uwsgi_temp_path $PWD/tmp/uwsgi;
			scgi_temp_path $PWD/tmp/scgi;
			sendfile on;
			gzip on;
			gzip_types text/plain;
			server {
				listen 127.0.0.1:$(cat port);
				root $PWD/www;
				location = /form { proxy_pass http://127.0.0.1:$(cat port)/posted; }
				location = /posted { error_page 404 405 =200 /long.txt; }
				location /secret { deny all; }
			}
		}
	END
	# Workers of another user get at what lies here.
	chmod 755 . ..
}
nginx_url() { echo "http://127.0.0.1:$(cat port)$1"; }
nginx_status() {
	expected=$1
	shift
	[ "$(curl -sS -m 20 -o body -w '%{http_code}' "$@")" = "$expected" ] || {
		echo "no $expected: $*"
		return 1
	}
}
nginx_ready() { curl -s -o /dev/null "$(nginx_url /)"; }
nginx_one() {
	for _ in 1 2 3 4 5 6; do nginx_status 200 "$(nginx_url /)" || return 1; done
	nginx_status 404 "$(nginx_url /none)"
}
nginx_two() {
	nginx_status 200 "$(nginx_url /large.bin)" && cmp -s body www/large.bin &&
		nginx_status 200 --compressed "$(nginx_url /long.txt)" &&
		nginx_status 206 -r 100-200,5000-6000 "$(nginx_url /large.bin)" &&
		nginx_status 200 --data-binary @form "$(nginx_url /form)" && cmp -s body www/long.txt &&
		nginx_status 403 "$(nginx_url /secret)" && nginx_status 301 "$(nginx_url /empty)" &&
		nginx_status 405 -X OPTIONS "$(nginx_url /)" && nginx_status 400 -H 'Host:' "$(nginx_url /)" &&
		kill -HUP "$(cat nginx.pid)" && sleep 0.5 && nginx_status 200 -0 "$(nginx_url /)" &&
		kill -USR1 "$(cat nginx.pid)" && sleep 0.2 && nginx_one
}
one() { serve nginx_ready nginx_one "$@" nginx -e "$PWD/error.log" -p "$PWD" -c "$PWD/nginx.conf"; }
two() { serve nginx_ready nginx_two "$@" nginx -e "$PWD/error.log" -p "$PWD" -c "$PWD/nginx.conf"; }
