# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="python3"
subject=/usr/bin/python3
prepare() {
	cat >one.py <<-'END'
		import json, subprocess, threading
		results = []
		threads = [threading.Thread(target=lambda i=i: results.append(i * i)) for i in range(4)]
		for thread in threads:
		    thread.start()
		for thread in threads:
		    thread.join()
		assert sorted(results) == [0, 1, 4, 9]
		assert subprocess.run(["echo", "x"], capture_output=True).stdout == b"x\n"
		json.dump({"a": list(range(1000))}, open("out.json", "w"))
		assert len(json.load(open("out.json"))["a"]) == 1000
	END
	cat >two.py <<-'END'
		import asyncio, ctypes, mmap, multiprocessing, os, select, shutil, signal, socket, sqlite3, tempfile, time, zipfile
		async def talk():
		    async def serve(reader, writer):
		        writer.write(await reader.readline())
		        writer.close()
		    server = await asyncio.start_server(serve, "127.0.0.1", 0)
		    r, w = await asyncio.open_connection(*server.sockets[0].getsockname())
		    w.write(b"line\n")
		    assert await r.readline() == b"line\n"
		    await (await asyncio.create_subprocess_exec("true")).wait()
		    server.close()
		def square(x):
		    return x * x
		if __name__ == "__main__":
		    asyncio.run(talk())
		    with multiprocessing.Pool(2) as pool:
		        assert pool.map(square, [1, 2, 3]) == [1, 4, 9]
		    with tempfile.TemporaryDirectory() as d:
		        p = os.path.join(d, "f")
		        open(p, "w").write("x" * 10000)
		        shutil.copy(p, p + "2")
		        with open(p, "r+b") as f:
		            mmap.mmap(f.fileno(), 0).close()
		            os.ftruncate(f.fileno(), 5), os.fsync(f.fileno())
		        zipfile.ZipFile(p + ".zip", "w").write(p)
		        os.link(p, p + "3"), os.symlink(p, p + "4"), os.rename(p, p + "5")
		        c = sqlite3.connect(p + ".db")
		        c.execute("create table t (a)"), c.commit(), c.close()
		    signal.signal(signal.SIGALRM, lambda *a: None)
		    signal.setitimer(signal.ITIMER_REAL, 0.01)
		    time.sleep(0.02)
		    a, b = socket.socketpair()
		    b.send(b"x"), select.select([a], [], [], 1)
		    os.sched_getaffinity(0), os.getloadavg(), os.nice(1), os.getxattr
		    ctypes.CDLL(None).getppid()
	END
}
one() { "$@" python3 one.py; }
two() { "$@" python3 two.py; }
