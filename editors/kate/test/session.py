"""What Kate says to the server, and is answered. session.py KATE PROJECT TREE SEEN"""
import json
import pathlib
import signal
import subprocess
import sys
import time

kate, project, tree, seen = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
WAIT = 60


def messages(side, method):
    """What was said so far."""
    lines = seen.read_text().splitlines() if seen.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return [one["message"] for one in found if one["from"] == side and one["message"].get("method") == method]


class Editor:
    """Kate with a file."""

    def __init__(self, file):
        seen.unlink(missing_ok=True)
        self.file = file
        self.process = subprocess.Popen([kate, "--new", "--block", str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def until(self, condition, what):
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            if found := condition():
                print(f"ok   {what}", flush=True)
                return found
            time.sleep(0.1)
        print(f"FAIL {what}", flush=True)
        self.end()
        sys.exit(1)

    def end(self):
        """Kate takes a polite signal as a person who closes its window."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def findings(rule):
    pushed = [one["params"] for one in messages("server", "textDocument/publishDiagnostics") if one["params"]["uri"].endswith("/nginx.conf")]
    return [one for one in (pushed[-1]["diagnostics"] if pushed else []) if one.get("code") == rule]


editor = Editor(project / "nginx.conf")
(opened,) = editor.until(lambda: messages("client", "textDocument/didOpen"), "the file is opened for the server")
assert opened["params"]["textDocument"]["languageId"] == "nginx", opened
(initialize,) = messages("client", "initialize")
root = initialize["params"].get("rootUri") or initialize["params"]["workspaceFolders"][0]["uri"]
editor.until(lambda: root.rstrip("/") == project.resolve().as_uri() or root.rstrip("/") == project.as_uri(), "the workspace is the folder with compose.yaml")
dead = editor.until(lambda: [one for one in findings("dead-location") if one["severity"] == 1], "the dead location is found, as an error by the settings")
assert [one["range"]["start"]["line"] for one in dead] == [547], dead
editor.until(lambda: len(findings("missing-file")) == 2, "the missing files are found")
editor.end()

shop = tree / "conf.d/shop.conf"
shop.write_text("server {\n    listen 80;\n}\n")
editor = Editor(shop)
editor.until(lambda: [one for one in messages("client", "textDocument/didOpen") if one["params"]["textDocument"]["uri"].endswith("shop.conf")], "a file below .kateconfig is nginx's")
editor.end()

development = project / "nginx-dev.conf"
development.write_text("events {}\n")
editor = Editor(development)
editor.until(lambda: messages("client", "textDocument/didOpen"), "a name of katemoderc is nginx's")
editor.end()
