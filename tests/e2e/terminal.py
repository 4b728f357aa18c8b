# SPDX-License-Identifier: Apache-2.0
"""What a person at a terminal sees of pale profile and pale run; run by tests/e2e/terminal."""
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time

PALE = os.environ["PALE"]


class Terminal:
    """A program with a terminal of its own, what it has printed, and how it ends."""

    def __init__(self, *command):
        self.output = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(PS1="ready> ", TERM="dumb", HISTFILE="/dev/null")
            os.execvp(command[0], command)

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.output += piece.decode(errors="replace")
        return bool(piece)

    def expect(self, text, seconds=20):
        """Waits until TEXT has been printed, and forgets what is up to it."""
        end = time.monotonic() + seconds
        while text not in self.output:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit(f"FAIL: no {text!r} in {self.output!r}")
            self.read(0.1)
        self.output = self.output.split(text, 1)[1]

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        while self.read(20):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def check(condition, text):
    if not condition:
        sys.exit(f"FAIL: {text}")
    print("good:", text)


def run_of(path):
    (run,) = json.load(open(path))["runs"]
    return run


def test_progress():
    slow = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done"]
    terminal = Terminal(PALE, "profile", "-o", "progress.rec", "--", *slow)
    terminal.expect(" different, ")
    terminal.expect("\r\x1b[K")
    terminal.expect("recorded in progress.rec")
    check(terminal.end() == 0, "progress is shown on a terminal, and wiped away")
    terminal = Terminal(PALE, "profile", "-q", "-o", "progress.rec", "--", *slow)
    check(terminal.end() == 0 and terminal.output == "", "with -q it is not")
    piped = subprocess.run([PALE, "profile", "-o", "progress.rec", "--", *slow],
                           capture_output=True, text=True)
    check(piped.stdout == "" and "\r" not in piped.stderr and piped.stderr.count("\n") == 1,
          "elsewhere there is but one line at the end")


def test_interrupt():
    # One process, so that the signal cannot come between a shell and what it starts.
    script = ("import signal, sys; signal.signal(signal.SIGINT, lambda *_: sys.exit(7)); "
              "print('begun', flush=True); signal.pause()")
    terminal = Terminal(PALE, "profile", "-q", "-o", "int.rec", "--", "python3", "-c", script)
    terminal.expect("begun")
    terminal.type("\x03")
    check(terminal.end() == 7, "Ctrl-C reaches the program, once, and its status comes back")
    check(run_of("int.rec")["end"] == {"exited": 7}, "its recording is written")

    script = ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
              "print('begun', flush=True); signal.pause()")
    terminal = Terminal(PALE, "profile", "-q", "-o", "int.rec", "--", "python3", "-c", script)
    terminal.expect("begun")
    terminal.type("\x03")
    time.sleep(0.5)
    terminal.type("\x03")
    check(terminal.end() == 137, "a second Ctrl-C kills a program that ignores it")
    run = run_of("int.rec")
    check(run["end"] == {"killed": 9}, "and its recording is written")
    check(run["unseen"][0]["kind"] == "cut-short", "which says that it was cut short")


def test_stopped():
    terminal = Terminal("bash", "--norc", "-i")
    terminal.expect("ready> ")
    terminal.type(f"{PALE} profile -q -o stop.rec sh -c 'echo begun; read x; exit 5'\n")
    terminal.expect("begun\r\n")
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.expect("ready> ")
    terminal.type("fg\n")
    terminal.expect("sh -c")
    terminal.type("x\n")
    terminal.expect("ready> ")
    terminal.type("echo status=$?\n")
    terminal.expect("status=5")
    check(True, "Ctrl-Z stops it and the program, and fg lets both go on")
    terminal.type("exit\n")
    terminal.end()
    check(run_of("stop.rec")["lost"] == 0, "nothing is lost by that")


def test_shell():
    terminal = Terminal(PALE, "profile", "-q", "-o", "shell.rec", "--", "bash", "--norc", "-i")
    terminal.expect("ready> ")
    terminal.type("sleep 30\n")
    time.sleep(0.5)
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.type("kill %1; wait; jobs\n")
    terminal.expect("ready> ")
    terminal.type("sleep 30\n")
    time.sleep(0.5)
    terminal.type("\x03")
    terminal.expect("ready> ")
    terminal.type("exit 3\n")
    check(terminal.end() == 3, "a traced shell has its job control")


def test_fenced(run, sandbox):
    """A shell sees a program stop exactly when it does: in a pid namespace, and while pale watches."""
    with open("fence.pale", "w") as policy:
        policy.write("default allow; unknown deny ENOSYS; foreign kill process;\n" + sandbox)
    terminal = Terminal("bash", "--norc", "-i")
    terminal.expect("ready> ")
    if subprocess.run([PALE, *run.split(), "fence.pale", "true"]).returncode:
        print("not tried: a program in a pid namespace, which cannot be made here")
        return

    def start(script):
        terminal.type(f"{PALE} {run} fence.pale sh -c '{script}'\n")

    start("echo begun; read x; exit 5")
    terminal.expect("begun\r\n")
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.expect("ready> ")
    terminal.type("fg\n")
    terminal.expect("sh -c")
    terminal.type("x\n")
    terminal.expect("ready> ")
    terminal.type("echo status=$?\n")
    terminal.expect("status=5")
    check(True, "Ctrl-Z stops a fenced program for its shell, and fg lets it go on")
    terminal.expect("ready> ")
    start("trap \"\" TSTP; echo begun; sleep 0.7; echo over; exit 6")
    terminal.expect("begun\r\n")
    terminal.type("\x1a")
    terminal.expect("over")
    terminal.expect("ready> ")
    terminal.type("echo status=$?\n")
    terminal.expect("status=6")
    check("Stopped" not in terminal.output, "one that ignores Ctrl-Z goes on in the foreground")
    terminal.expect("ready> ")
    start("trap \"echo caught\" INT; echo begun; sleep 1; sleep 1; exit 8")
    terminal.expect("begun\r\n")
    terminal.type("\x03")
    terminal.expect("caught")
    terminal.expect("ready> ")
    terminal.type("echo status=$?\n")
    terminal.expect("status=8")
    check(True, "one that catches Ctrl-C ends as it likes")
    terminal.expect("ready> ")
    start("kill -TSTP $$; exit 7")
    terminal.expect("Stopped")
    terminal.expect("ready> ")
    terminal.type("fg\n")
    terminal.expect("ready> ")
    terminal.type("echo status=$?\n")
    terminal.expect("status=7")
    check(True, "one that stops by itself is seen to, and goes on")
    terminal.type("exit\n")
    terminal.end()


test_progress()
test_interrupt()
test_stopped()
test_shell()
IN_NAMESPACE = "sandbox { namespaces user, pid; }\n"
test_fenced("run", IN_NAMESPACE)
test_fenced("run --report", IN_NAMESPACE)
test_fenced("run --report", "")
test_fenced("run --learn learnt.rec", "")
