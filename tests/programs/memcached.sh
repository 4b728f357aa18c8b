# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="memcached python3"
subject=/usr/bin/memcached
prepare() {
	port_free >port
	cat >client.py <<-'END'
		import socket, sys
		port, which = int(sys.argv[1]), sys.argv[2]
		def talk(*lines):
		    s = socket.create_connection(("127.0.0.1", port), 5)
		    for line, answer in lines:
		        s.sendall(line.encode() + b"\r\n")
		        got = s.recv(65536).decode()
		        assert got.startswith(answer), (line, got)
		    s.close()
		talk(("version", "VERSION"))
		if which == "one":
		    for i in range(50):
		        talk((f"set k{i} 0 0 3\r\nabc", "STORED"), (f"get k{i}", f"VALUE k{i}"))
		if which == "two":
		    talk(("set n 0 0 1\r\n5", "STORED"), ("incr n 3", "8"), ("decr n 1", "7"),
		         ("append n 0 0 1\r\nx", "STORED"), ("touch n 100", "TOUCHED"), ("gets n", "VALUE"),
		         ("stats", "STAT"), ("stats slabs", "STAT"), ("verbosity 1", "OK"),
		         ("cache_memlimit 64", "OK"), ("delete n", "DELETED"), ("flush_all", "OK"),
		         ("set big 0 1 900000\r\n" + "b" * 900000, "STORED"), ("nonsense", "ERROR"),
		         ("lru_crawler crawl all", "OK"), ("slabs automove 1", "OK"))
	END
}
memcached_ready() { python3 client.py "$(cat port)" ready; }
memcached_one() { python3 client.py "$(cat port)" one; }
memcached_two() { python3 client.py "$(cat port)" two; }
one() { serve memcached_ready memcached_one "$@" memcached -u nobody -l 127.0.0.1 -p "$(cat port)" -t 2; }
two() { serve memcached_ready memcached_two "$@" memcached -u nobody -l 127.0.0.1 -p "$(cat port)" -t 2; }
