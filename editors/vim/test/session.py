"""What a person does with nginx-analyzer in Vim. session.py VIM PROJECT CLIENT (ale or vim-lsp)"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test"))
from terminal import Terminal

program, project, client = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
file = project / "nginx.conf"
text = file.read_text()
ACT, HOVER, DEFINITION = {
    "ale": ("ALECodeAction", "ALEHover", "ALEGoToDefinition"),
    "vim-lsp": ("LspCodeAction", "LspHover", "LspDefinition"),
}[client]

vim = Terminal(program, ["nginx.conf"], project)


def command(line):
    vim.send("\x1b")
    vim.send(f":{line}\r")


def go_to(line):
    command(f"{line} | normal! ^")


def act(title, what):
    """Takes the action whose title begins so from the menu."""
    command(ACT)
    found = vim.sees(rf"(?m)^ *(\d+)[.)] *{title}", what) if client == "ale" else vim.sees(title, what)
    if client == "ale":
        vim.send(found.group(1))
    vim.send("\r")


vim.sees("worker_processes", "the file is shown")
go_to(548)
vim.sees(r"every URI under /admin/|no request is ever served", "the dead location's reason is shown")
if client == "ale":
    command("echo 'type=' .. filter(ale#engine#GetLoclist(bufnr('')), 'v:val.lnum == 548')[0].type")
    vim.sees(r"type=E", "a setting made it an error")
go_to(608)
vim.sees(r"usage_export.lua does not", "the missing file is told")

go_to(548)
act("Comment out", "the block can be commented out")
vim.sees(r"#X# location /admin/ \{", "it is commented out")
vim.loses(r"no request is ever served", "the finding goes")
command("write")
vim.until(lambda: "#X# location /admin/ {" in file.read_text(), "and saved")
lines, before = file.read_text().split("\n"), text.split("\n")
vim.check(lines[546] == before[546] and lines[557:] == before[557:], "the lines around it are what they were")
go_to(548)
act("Restore", "it can be restored")
vim.loses(r"#X# location /admin/ \{", "it is restored")
command("write")
vim.until(lambda: file.read_text() == text, "letter for letter")
go_to(548)
vim.sees(r"no request is ever served", "the finding comes back")

go_to(548)
command(HOVER)
vim.sees(r"(?i)prefix", "hover tells how the location is chosen")
command("pclose")

command("222 | call search('openresty_internal')")
command(DEFINITION)
vim.sees(r"upstream openresty_internal", "goes to the upstream")

if client == "ale":
    command("549")
    vim.send("oproxy_pa")
    vim.sees(r"proxy_pass_header", "completion lists directives")
    vim.send("\x1b")
    command("undo | write")

command("NginxAnalyzer trace http://gateway.example.com/v1/models")
vim.sees(r"(?s)→ location /v1/.*nginx.conf:592", "the trace is shown")
command("/592")
vim.send("\r")
vim.sees(r"location /v1/ \{", "goes to the line that is named")
command("only | echo 'line' line('.')")
vim.sees(r"line 592", "it is line 592")
command("NginxAnalyzer usage")
vim.sees(r"hits", "who uses which location")
command("only")
command("NginxAnalyzer expand")
vim.sees(r"(?s)# configuration file .*nginx.conf", "everything with includes in their places")
command("quit")
command("NginxAnalyzer cleanup plan")
vim.sees(r"blocks to comment out", "the plan is shown")
command("quit")
command("NginxAnalyzer cleanup apply")
vim.sees(r"cleanup apply, as shown\?", "a clean-up is asked for")
vim.check(file.read_text() == text, "before it changes anything")
vim.send("y")
vim.until(lambda: "#X# lua_shared_dict rate_limit" in file.read_text().replace("    ", " ").replace("  ", " "), "it is made")
command("only")
command("NginxAnalyzer cleanup restore")
vim.sees(r"cleanup restore, as shown\?", "it can be taken back")
vim.send("y")
vim.until(lambda: file.read_text() == text, "letter for letter")
command("only")
command("NginxAnalyzer nothing")
vim.sees(r"one of trace, usage", "what is unknown is said")
command("qall!")
vim.ends()
vim.check(file.read_text() == text, "the file is what it was")
