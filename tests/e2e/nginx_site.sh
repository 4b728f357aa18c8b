# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A site for nginx on loopback, requests to it, and serve(), which runs nginx through some command.
# Takes $scratch, $port and $url from whoever sources it.

site_make() {
	mkdir -p "$scratch/www/empty" "$scratch/tmp"
	chmod 777 "$scratch/tmp"
	printf '<html><img src="pale.png"><p>%0600d</p></html>\n' 0 >"$scratch/www/index.html"
	head -c 3000 /dev/urandom >"$scratch/www/pale.png"
	head -c 8000000 /dev/urandom >"$scratch/www/large.bin"
	head -c 400000 /dev/zero | tr '\0' a >"$scratch/www/long.txt"
	head -c 60000 /dev/urandom >"$scratch/www/answer.txt"
	head -c 60000 /dev/urandom >"$scratch/form"
	head -c 900000 /dev/urandom >"$scratch/upload"
	cat >"$scratch/nginx.conf" <<-END
		$([ "$(id -u)" -ne 0 ] || echo 'user www-data;')
		daemon off;
		worker_processes 2;
		worker_shutdown_timeout 2s;
		error_log $scratch/error.log notice;
		pid $scratch/nginx.pid;
		events { worker_connections 512; }
		http {
			types { text/html html; text/plain txt; image/png png; }
			access_log $scratch/access.log;
			client_body_temp_path $scratch/tmp/body;
			proxy_temp_path $scratch/tmp/proxy;
			fastcgi_temp_path $scratch/tmp/fastcgi;
			uwsgi_temp_path $scratch/tmp/uwsgi;
			scgi_temp_path $scratch/tmp/scgi;
			sendfile on;
			gzip on;
			gzip_types text/plain;
			server {
				listen 127.0.0.1:$port;
				root $scratch/www;
				location = /form { proxy_pass $url/posted; }
				location = /alive { return 200 "alive\n"; }
				location = /posted { error_page 404 405 =200 /answer.txt; }
				location /secret { deny all; }
			}
		}
	END
}

# answer EXPECTED-STATUS CURL-ARGUMENT...: one request.
answer() {
	expected=$1
	shift
	got=$(curl -sS -m 20 -o "$scratch/body" -w '%{http_code}' "$@") ||
		fail "curl $*: no answer"
	[ "$got" = "$expected" ] || fail "curl $*: status $got, not $expected"
	answers=$((answers + 1))
}

same_body() {
	cmp -s "$scratch/body" "$scratch/www/$1" || fail "$1 came damaged"
}

# What a browser does with a page, a dead link and a form.
requests_usual() {
	answer 200 --compressed "$url/" && same_body index.html
	answer 200 "$url/pale.png" && same_body pale.png
	answer 404 "$url/nothing.html"
	answer 200 --data-binary "@$scratch/form" "$url/form" && same_body answer.txt
}

requests_other() {
	answer 200 "$url/index.html" && same_body index.html
	curl -sSI -m 20 "$url/" | grep -q '^HTTP/1.1 200' || fail "HEAD"
	answer 200 "$url/large.bin" && same_body large.bin
	answer 206 -r 1000-2000 "$url/large.bin"
	answer 206 -r 0-99,5000-5099 "$url/large.bin"
	answer 416 -r 9000000- "$url/large.bin"
	answer 200 --limit-rate 16M "$url/large.bin" && same_body large.bin
	answer 200 --compressed "$url/long.txt" && same_body long.txt
	answer 304 -z "$(date -R -d tomorrow)" "$url/pale.png"
	answer 403 "$url/secret"
	answer 403 "$url/empty/"
	answer 301 "$url/empty"
	answer 405 -X OPTIONS "$url/"
	answer 400 -H 'Host:' "$url/"
	answer 414 "$url/$(head -c 9000 /dev/zero | tr '\0' u)"
	answer 200 -0 "$url/"
	answer 200 --data-binary "@$scratch/upload" "$url/form" && same_body answer.txt
	answer 413 --data-binary "@$scratch/www/large.bin" "$url/form"
	kept=$(curl -sS -m 20 -o "$scratch/body" "$url/" -o "$scratch/body" "$url/pale.png" \
		-w '%{http_code} %{num_connects},')
	[ "$kept" = "200 1,200 0," ] || fail "two requests on one connection: $kept"
	many=$(curl -sS --no-progress-meter -m 60 -Z --parallel-max 100 -o "$scratch/many#1" -w '%{http_code}\n' \
		"$url/pale.png?[1-400]" | grep -c '^200$')
	answers=$((answers + many))
	[ "$many" = 400 ] || fail "many connections: $many of 400 answered"
	rm -f "$scratch"/many*
}

nginx_started() {
	[ -s "$scratch/nginx.pid" ] && curl -sS -m 5 -o /dev/null "$url/alive"
}

master() {
	cat "$scratch/nginx.pid" 2>/dev/null
}

workers() {
	tr ' ' '\n' <"/proc/$(master)/task/$(master)/children" | sort -n | paste -sd' ' -
}

# No worker of before is left, and there are two.
workers_replaced() { # before
	now=$(workers)
	[ "$(echo "$now" | wc -w)" -eq 2 ] || return 1
	for worker in $1; do
		case " $now " in *" $worker "*) return 1 ;; esac
	done
}

nginx_reload() {
	before=$(workers)
	kill -HUP "$(master)"
	wait_until 15 workers_replaced "$before" || fail "the reload did not replace the workers"
}

# serve NAME REQUESTS COMMAND...: runs nginx through COMMAND, calls REQUESTS, and ends it with SIGQUIT.
serve() {
	name=$1
	requests=$2
	shift 2
	answers=0
	rm -f "$scratch/error.log" "$scratch/nginx.pid"
	"$@" "$(command -v nginx)" -e "$scratch/error.log" -p "$scratch" -c "$scratch/nginx.conf" \
		>"$scratch/$name.log" 2>&1 &
	job=$!
	at_exit "kill $job \$(master) 2>/dev/null; wait $job"
	wait_until 20 nginx_started || {
		cat "$scratch/$name.log" "$scratch/error.log" 2>/dev/null
		fail "nginx does not start: $name"
	}
	$requests
	kill -QUIT "$(master)"
	wait_for $job "$name" 0
}

requests_profiled() {
	requests_usual
	nginx_reload
	requests_usual
}

requests_fenced() {
	before=$(workers)
	requests_usual
	requests_other
	[ "$(workers)" = "$before" ] || fail "a worker died and was replaced"
	nginx_reload
	requests_usual
}

# Nothing in the log speaks of a call that failed or a worker that died.
log_is_clean() {
	if grep -E '\[(alert|crit|emerg)\]|Operation not permitted|Function not implemented|exited on signal' \
		"$scratch/error.log"; then
		fail "nginx complains"
	fi
}
