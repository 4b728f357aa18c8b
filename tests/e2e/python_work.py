# SPDX-License-Identifier: Apache-2.0
"""Work for a policy to allow: threads, subprocesses, sqlite and files, SCALE times, in FOLDER."""

import json
import os
import queue
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading


def threads(scale):
    jobs, answers = queue.Queue(), queue.Queue()

    def worker():
        while (job := jobs.get()) is not None:
            answers.put(job * job)

    crew = [threading.Thread(target=worker) for _ in range(2 * scale)]
    for member in crew:
        member.start()
    for job in range(100 * scale):
        jobs.put(job)
    for _ in crew:
        jobs.put(None)
    for member in crew:
        member.join(timeout=60)
    assert sum(answers.get() for _ in range(100 * scale)) == sum(i * i for i in range(100 * scale))


def subprocesses(scale):
    for turn in range(scale):
        done = subprocess.run(["/bin/echo", str(turn)], capture_output=True, check=True, text=True)
        assert done.stdout == f"{turn}\n"
        done = subprocess.run("tr a-z A-Z | sort", shell=True, input=b"b\na\n", capture_output=True,
                              check=True)
        assert done.stdout == b"A\nB\n"
    assert subprocess.run(["/bin/sh", "-c", "exit 7"], check=False).returncode == 7


def database(folder, scale):
    connection = sqlite3.connect(os.path.join(folder, "data.sqlite"))
    connection.execute("create table numbers (value integer)")
    for turn in range(scale):
        with connection:
            connection.executemany("insert into numbers values (?)",
                                   ((i,) for i in range(500 * (turn + 1))))
    count, = connection.execute("select count(*) from numbers").fetchone()
    assert count == 250 * scale * (scale + 1)
    connection.execute("vacuum")
    connection.close()


def files(folder, scale):
    for turn in range(scale):
        with tempfile.NamedTemporaryFile("w+", dir=folder) as file:
            json.dump({"turn": turn, "data": list(range(1000 * scale))}, file)
            file.flush()
            file.seek(0)
            assert json.load(file)["turn"] == turn
    os.mkdir(os.path.join(folder, "sub"))
    os.rename(os.path.join(folder, "sub"), os.path.join(folder, "moved"))
    assert "moved" in os.listdir(folder)


def pipes(scale):
    here, there = socket.socketpair()
    for turn in range(10 * scale):
        here.sendall(b"%d" % turn)
        assert there.recv(16) == b"%d" % turn
    here.close()
    there.close()


def main():
    folder, scale = sys.argv[1], int(sys.argv[2])
    threads(scale)
    subprocesses(scale)
    database(folder, scale)
    files(folder, scale)
    pipes(scale)
    print("all is well")


main()
