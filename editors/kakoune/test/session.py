"""What a person does with nginx-analyzer in Kakoune. session.py KAK PROJECT"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test"))
from terminal import Terminal

program, project = sys.argv[1], pathlib.Path(sys.argv[2])
file = project / "nginx.conf"
text = file.read_text()
kak = Terminal(program, ["nginx.conf"], project, columns=170)


def command(line):
    kak.send("\x1b")
    kak.send(f":{line}\r")


def go_to(line):
    kak.send("\x1b")
    kak.send(f"{line}ggi")
    kak.send("\x1b")
    kak.send("gi")
    kak.until(lambda: f"nginx.conf {line}:" in kak.text(), f"the cursor is on line {line}")


def act(title, what):
    """Takes the action whose title begins so; while an answer is outstanding, kakoune-lsp lets an action go, and a person asks again."""
    for _ in range(10):
        command("lsp-code-actions")
        end = 40
        while end and title not in kak.text():
            kak.draw(0.1)
            end -= 1
        if end:
            break
        kak.send("\x1b")
    kak.check(title in kak.text(), what)
    kak.send("\r")


kak.sees("worker_processes", "the file is shown")
go_to(548)
kak.sees(r"no request is ever served", "the dead location's reason is shown")
go_to(608)
kak.sees(r"usage_export.lua does not exist", "the missing file is told")

go_to(548)
act("Comment out", "the block can be commented out")
kak.sees(r"#X# location /admin/ \{", "it is commented out")
kak.loses(r"no request is ever served", "the finding goes")
command("write")
kak.until(lambda: "#X# location /admin/ {" in file.read_text(), "and saved")
lines, before = file.read_text().split("\n"), text.split("\n")
kak.check(lines[546] == before[546] and lines[557:] == before[557:], "the lines around it are what they were")
go_to(548)
act("Restore", "it can be restored")
kak.loses(r"#X# location /admin/ \{", "it is restored")
command("write")
kak.until(lambda: file.read_text() == text, "letter for letter")
kak.sees(r"no request is ever served", "the finding comes back")

go_to(548)
command("lsp-hover")
kak.sees(r"(?i)prefix", "hover tells how the location is chosen")

go_to(549)
kak.send("Oproxy_pa")
kak.sees(r"proxy_pass_header", "completion lists directives")
kak.send("\x1b")
kak.send("ux")
command("edit!")

go_to(222)
kak.send("f_")
kak.send("f/lll")
command("lsp-definition")
kak.sees(r"nginx.conf (69|7\d):", "goes to the upstream")

command("nginx-analyzer-trace http://gateway.example.com/v1/models")
kak.sees(r"(?s)→ location /v1/.*nginx.conf:592", "the trace is shown")
kak.send("/592\r")
kak.send("\r")
kak.sees(r"nginx.conf 592:", "goes to the line that is named")
command("nginx-analyzer-usage")
kak.sees(r"hits", "who uses which location")
command("nginx-analyzer-expand")
kak.sees(r"(?s)# configuration file .*nginx.conf", "everything with includes in their places")
kak.send("gg")
kak.until(lambda: kak.color("worker_processes") not in (None, "default"), "in colours")
command("buffer nginx.conf")
command("nginx-analyzer-cleanup-plan")
kak.sees(r"blocks to comment out", "the plan is shown")
command("buffer nginx.conf")
command("lsp-diagnostics")
kak.sees(r"nginx.conf:548:\d+: \[error\]", "a setting made the dead location an error")
command("kill!")
kak.ends()
kak.check(file.read_text() == text, "the file is what it was")
