"""A terminal in which an editor runs, and the checks of a test in it: what stands on the screen is what a person sees."""
import os
import re
import sys
import time

import pexpect
import pyte

WAIT = 30


class Screen(pyte.Screen):
    """pyte does not know what some programs ask a terminal about."""

    def report_device_status(self, mode=0, **_private):
        super().report_device_status(mode)

    def report_device_attributes(self, mode=0, **_private):
        super().report_device_attributes(mode)

    def set_margins(self, *margins, **_private):
        super().set_margins(*margins)

    def select_graphic_rendition(self, *attributes, private=False, **_more):
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    def __init__(self, command, arguments, folder, columns=150, rows=45, **environment):
        environment = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **environment)
        self.screen = Screen(columns, rows)
        self.screen.write_process_input = lambda data: self.process.send(data)
        self.stream = pyte.ByteStream(self.screen)
        self.process = pexpect.spawn(command, arguments, env=environment, cwd=str(folder), dimensions=(rows, columns), timeout=WAIT)

    def draw(self, seconds=0.05):
        """Takes what the editor writes, until it has been silent so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.stream.feed(self.process.read_nonblocking(65536, timeout=0.02))
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                return

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def send(self, keys):
        self.process.send(keys)
        self.draw()

    def sees(self, pattern, what):
        """Waits until the screen shows it."""
        return self.until(lambda: re.search(pattern, self.text()), what)

    def loses(self, pattern, what):
        """Waits until the screen no longer shows it."""
        return self.until(lambda: not re.search(pattern, self.text()), what)

    def until(self, condition, what):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            self.draw()
            found = condition()
            if found:
                print(f"ok   {what}", flush=True)
                return found
        self.fail(what)

    def check(self, condition, what):
        if not condition:
            self.fail(what)
        print(f"ok   {what}", flush=True)

    def fail(self, what):
        shown = "\n".join(f"     | {line}" for line in self.text().rstrip().split("\n"))
        print(f"FAIL {what}\n{shown}", flush=True)
        self.process.close(force=True)
        sys.exit(1)

    def color(self, text):
        """The colour in which a text on the screen is written."""
        for row, line in enumerate(self.screen.display):
            column = line.find(text)
            if column >= 0:
                return self.screen.buffer[row][column].fg
        return None

    def ends(self, what="the editor ends"):
        try:
            self.process.expect(pexpect.EOF)
        except pexpect.TIMEOUT:
            self.fail(what)
        self.process.close()
        self.check(self.process.exitstatus == 0, what)
