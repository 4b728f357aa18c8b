# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="redis-server redis-cli"
subject=/usr/bin/redis-server
prepare() { port_free >port; }
redis() { redis-cli -p "$(cat port)" "$@"; }
redis_ready() { [ "$(redis ping)" = PONG ]; }
redis_one() {
	for i in 1 2 3 4 5 6 7 8; do redis set "k$i" "$i" && redis get "k$i" && redis incr n; done
	[ "$(redis get n)" -ge 8 ]
}
redis_two() {
	redis lpush l a b c && redis zadd z 1 a && redis hset h f v && redis sadd s x && redis xadd x '*' f v &&
		redis setex e 1 v && redis eval 'return redis.call("get", "k1")' 0 && redis info all && redis config get '*' &&
		redis config set appendonly yes && redis bgrewriteaof && sleep 0.5 && redis save && redis bgsave && sleep 0.5 &&
		redis config set maxmemory 50mb && redis debug sleep 0.01 && redis client list && redis slowlog get &&
		redis flushall async && redis script flush && redis config rewrite || redis memory doctor &&
		redis object help && redis latency doctor && redis lastsave
}
one() { serve redis_ready redis_one "$@" redis-server --port "$(cat port)" --bind 127.0.0.1 --dir "$PWD" --save '' --logfile ''; }
two() { serve redis_ready redis_two "$@" redis-server --port "$(cat port)" --bind 127.0.0.1 --dir "$PWD" --save '' --logfile ''; }
