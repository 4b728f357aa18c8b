# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="sqlite3"
subject=/usr/bin/sqlite3
prepare() { :; }
one() { rm -f db && "$@" sqlite3 db 'create table t (a); insert into t values (1), (2); select sum(a) from t;' | grep -qx 3; }
two() {
	rm -f db2* && "$@" sqlite3 db2 'pragma journal_mode=wal; create table t (a, b); with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000) insert into t select x, hex(randomblob(20)) from c; create index i on t (b); vacuum; attach "db3" as o; create table o.u as select * from t; pragma mmap_size=1000000; select count(*) from t; pragma integrity_check;' '.backup copy' '.dump' >/dev/null
}
