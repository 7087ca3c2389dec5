"""What the syntax makes of the example, and what the other files say. files.py BAT FOLDER REPOSITORY"""
import json
import pathlib
import re
import subprocess
import sys

bat, folder, root = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
failed = False


def check(right, what):
    global failed
    failed |= not right
    print(f"{'ok   ' if right else 'FAIL '}{what}")


def colours(text):
    """Each line of the text as the words in it with their colours."""
    shown = subprocess.run([bat, "--color=always", "--style=plain", "--paging=never", "--language=ours", "--theme=base16"], input=text, capture_output=True, text=True, check=True).stdout
    found = []
    for line in shown.split("\n"):
        colour, words = "", {}
        for code, plain in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b]+)", line):
            if plain:
                words[plain.strip()] = colour
            else:
                colour = code
        found.append(words)
    return found


example = (root / "examples/oauth2-gateway/nginx.conf").read_text()
lines = example.split("\n")
shown = colours(example)
keyword = shown[lines.index("http {")]["http"]


def of(line, word):
    """The colour of a word in the first line that has the text."""
    at = next(index for index, one in enumerate(lines) if line in one)
    return next((colour for text, colour in shown[at].items() if word in text), None)


check(of("location ~ ^/(ui|admin)", "location") == keyword, "a location is a keyword")
check(of("location /admin/ {", "location") == keyword, "a location far below is one too: nothing before it went wrong")
check(of("location ~ ^/(ui|admin)", "^/(ui|admin)") not in (None, keyword, ""), "a regex has its colour")
check(of("proxy_set_header Host $host", "$host") not in (None, keyword, of("location /admin/ {", "/admin/")), "a variable has its colour")
check(of("# LLM gateway", "LLM gateway") not in (None, keyword, ""), "a comment has its colour")
lua = next(index for index, one in enumerate(lines) if re.match(r"\s+local \w+ =", one))
check(shown[lua].get("local") not in (None, ""), "Lua has its colours")
last = max(index for index, one in enumerate(lines) if one.strip().startswith("location"))
check(next(iter(shown[last].values())) == keyword or shown[last].get("location") == keyword, "the last location is a keyword")

syntax = (folder / "nginx.sublime-syntax").read_text()
vscode = json.loads((root / "editors/vscode/package.json").read_text())["contributes"]["languages"][0]
check(f"first_line_match: '{vscode['firstLine']}'" in syntax, "the first line tells what it tells in VS Code")
scope = re.search(r"^scope: (\S+)", syntax, re.M)[1]
(client,) = json.loads((folder / "LSP.sublime-settings").read_text())["clients"].values()
check(client["enabled"] and client["command"] == ["nginx-analyzer", "lsp"] and client["selector"] == scope, "the server is that of the syntax's scope")
build = json.loads((folder / "nginx-analyzer.sublime-build").read_text())
check(build["selector"] == scope and all(one["cmd"][0] == "nginx-analyzer" for one in [build, *build["variants"]]), "the builds start the server's program")
report = subprocess.run(["nginx-analyzer", "check", str(root / "examples/oauth2-gateway")], capture_output=True, text=True).stdout
check(re.search(build["file_regex"], report, re.M), "a build's places are found in what the program prints")
sys.exit(failed)
