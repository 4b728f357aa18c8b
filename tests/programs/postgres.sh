# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="/usr/lib/postgresql/15/bin/postgres setpriv"
subject=/usr/lib/postgresql/15/bin/postgres
postgres_bin=/usr/lib/postgresql/15/bin
prepare() {
	port_free >port
	chmod 755 . ..
	mkdir data && chown postgres data
	setpriv --reuid=postgres --regid=postgres --clear-groups \
		$postgres_bin/initdb -D data -U postgres -A trust --no-sync
	printf 'listen_addresses = %s\nunix_socket_directories = %s\nport = %s\nfsync = off\nshared_buffers = 8MB\nautovacuum = off\n' \
		"'127.0.0.1'" "'/tmp'" "$(cat port)" >>data/postgresql.conf
}
sql() { psql -q -X -h 127.0.0.1 -p "$(cat port)" -U postgres -v ON_ERROR_STOP=1 -Atc "$1"; }
postgres_ready() { sql 'select 1'; }
postgres_one() {
	sql 'create table t (a int primary key, b text)' &&
		sql "insert into t select i, repeat('x', 50) from generate_series(1, 2000) i" &&
		[ "$(sql 'select count(*) from t where a % 2 = 0')" = 1000 ] && sql 'update t set b = a' &&
		sql 'drop table t'
}
postgres_two() {
	sql 'create table if not exists u (a int, b text)' &&
		sql "insert into u select i, md5(i::text) from generate_series(1, 60000) i" &&
		sql 'create index on u (b)' && sql 'vacuum full analyze u' && sql 'checkpoint' &&
		sql "copy u to '/tmp/pale-copy.$(cat port)'" && rm -f "/tmp/pale-copy.$(cat port)" &&
		sql 'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; select sum(a) from u group by length(b)' &&
		sql 'set work_mem = 64; select count(*) from (select * from u order by b) x' &&
		sql "create database other$(date +%s)" && sql 'select pg_reload_conf(); select pg_switch_wal(); select pg_sleep(0.05)' &&
		! sql 'select 1/0' && sql 'drop table u'
}
postgres_run() {
	ready=$1
	shift
	serve postgres_ready "$ready" "$@" setpriv --reuid=postgres --regid=postgres --clear-groups \
		$postgres_bin/postgres -D "$PWD/data"
}
one() { postgres_run postgres_one "$@"; }
two() { postgres_run postgres_two "$@"; }
