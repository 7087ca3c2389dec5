"""The extension's files name each other rightly, and say what those of other editors say. files.py EXTENSION REPOSITORY"""
import json
import pathlib
import re
import subprocess
import sys
import tomllib

extension, root = map(pathlib.Path, sys.argv[1:])
failed = False


def check(right, what):
    global failed
    failed |= not right
    print(f"{'ok   ' if right else 'FAIL '}{what}")


manifest = tomllib.loads((extension / "extension.toml").read_text())
language = tomllib.loads((extension / "languages/nginx/config.toml").read_text())
cargo = tomllib.loads((extension / "Cargo.toml").read_text())
check(language["grammar"] in manifest["grammars"], "the language's grammar is one of the extension's")
grammar = manifest["grammars"][language["grammar"]]
check((root / grammar["path"] / "src/parser.c").is_file() and re.fullmatch("[0-9a-f]{40}", grammar["rev"]), "its folder has a parser")
helix = tomllib.loads((root / "editors/helix/languages.toml").read_text())["grammar"][0]["source"]
check(helix["rev"] == grammar["rev"] and helix["subpath"] == grammar["path"], "Helix takes the grammar of the same commit")
git = ["git", "-C", str(root)]
if subprocess.run([*git, "cat-file", "-e", grammar["rev"]], stderr=subprocess.DEVNULL).returncode == 0:
    changed = subprocess.run([*git, "diff", "--quiet", grammar["rev"], "--", grammar["path"]]).returncode
    check(not changed, "the grammar has not changed since that commit (else: git log -1 --format=%H -- grammar)")
server = manifest["language_servers"]["nginx-analyzer"]
check(server["languages"] == [language["name"]] and server["language_ids"] == {language["name"]: "nginx"}, "the server is this language's")
check(manifest["version"] == cargo["package"]["version"], "the version is the same in both manifests")
vscode = json.loads((root / "editors/vscode/package.json").read_text())["contributes"]["languages"][0]
check(language["first_line_pattern"] == vscode["firstLine"], "the first line tells what it tells in VS Code")
page = (extension / "README.md").read_text()
globs = json.loads(re.search(r"<!-- settings.json -->\n```json\n(.*?)```", page, re.S)[1])["file_types"][language["name"]]


def matches(path):
    """As Zed does: a suffix is the whole name or follows a dot; a glob is tried on the path."""
    name = path.rsplit("/", 1)[-1]
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in language["path_suffixes"]) or any(re.fullmatch(regex(glob), path) for glob in globs)


def regex(glob):
    """A glob of globset: `*` also crosses folders there."""
    out, depth = "", 0
    for token in re.findall(r"\*\*/|\*+|\{|\}|,|.", glob):
        if token == "**/":
            out += "(?:.*/)?"
        elif token.startswith("*"):
            out += ".*"
        elif token == "{":
            out, depth = out + "(?:", depth + 1
        elif token == "}":
            out, depth = out + ")", depth - 1
        elif token == "," and depth:
            out += "|"
        else:
            out += re.escape(token)
    return out if "/" in glob else f"(?:.*/)?{out}"


first = re.compile(language["first_line_pattern"])
for line in (root / "editors/test/names.tsv").read_text().splitlines():
    if line and not line.startswith("#"):
        kind, told, path, text = line.split("\t")
        if told == "name" or kind == "other":
            check(matches(path) == (kind == "nginx") or (kind == "nginx" and first.search(text.split("\\n")[0])), f"{kind}: {path}")
tasks = json.loads((extension / "languages/nginx/tasks.json").read_text())
check(all(task["command"] == "nginx-analyzer" for task in tasks), "the tasks start the server's program")
sys.exit(failed)
