"""What a person does with nginx-analyzer in Helix. session.py HX PROJECT GRAMMAR"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test"))
from terminal import Terminal

hx, project, grammar = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
file = project / "nginx.conf"
text = file.read_text()
version = tuple(map(int, re.findall(r"\d+", subprocess.run([hx, "--version"], capture_output=True, text=True).stdout)[:2]))

health = subprocess.run([hx, "--health", "nginx"], capture_output=True, text=True, timeout=60).stdout
print("".join(f"     {line}\n" for line in health.splitlines()), end="")
assert "nginx-analyzer" in health, "FAIL hx --health knows the server"

helix = Terminal(hx, ["nginx.conf"], project)

def command(line):
    helix.send("\x1b")
    helix.send(f":{line}\r")

def go_to(line):
    command(str(line))
    helix.until(lambda: f"{line}:" in helix.screen.display[-2], f"the cursor is on line {line}")

helix.sees("worker_processes", "the file is shown")
go_to(548)
helix.sees(r"every URI under /admin/", "the dead location's reason is shown")
go_to(608)
helix.sees(r"usage_export.lua does not exist", "the missing file is told")

go_to(548)
helix.send(" a")
helix.sees(r"Comment out", "the block can be commented out")
helix.send("\r")
helix.sees(r"#X# location /admin/ \{", "it is commented out")
helix.loses(r"every URI under /admin/", "the finding goes")
command("w")
helix.until(lambda: "#X# location /admin/ {" in file.read_text(), "and saved")
lines, before = file.read_text().split("\n"), text.split("\n")
helix.check(lines[546] == before[546] and lines[557:] == before[557:], "the lines around it are what they were")
go_to(548)
helix.send(" a")
helix.sees(r"Restore", "it can be restored")
helix.send("\r")
helix.loses(r"#X# location /admin/ \{", "it is restored")
command("w")
helix.until(lambda: file.read_text() == text, "letter for letter")
helix.sees(r"every URI under /admin/", "the finding comes back")

go_to(548)
helix.send("w")
helix.send(" k")
helix.sees(r"(?i)prefix", "hover tells how the location is chosen")
helix.send("\x1b")

go_to(549)
helix.send("oproxy_pa")
helix.sees(r"proxy_pass_header", "completion lists directives")
helix.send("\x1b")
helix.send("u")
go_to(300)
go_to(222)
helix.send("glh")
helix.send("gd")
helix.sees(r"upstream openresty_internal", "goes to the upstream")

helix.send("\x1b")
if version >= (25, 7):
    helix.send(" nt")
    helix.sees(r":sh nginx-analyzer trace", "a URL is asked for")
    helix.send("http://gateway.example.com/v1/models\r")
    helix.sees(r"location /v1/", "the trace is shown")
    helix.send("\x1b")

helix.send(" d")
helix.sees(r"(?i)error.*\n?.*dead-location", "a setting made the dead location an error")
helix.send("\x1b")

if grammar == "yes":
    go_to(452)
    keyword, string = helix.color("location ~"), helix.color("proxy_pass")

    helix.check(keyword == string != helix.color("{"), "names of directives have one colour")
    go_to(405)
    helix.check(helix.color("local ") not in (None, "default"), "Lua has its colours")
command("qa!")
helix.ends()
