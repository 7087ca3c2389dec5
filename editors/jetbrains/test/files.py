"""files.py FOLDER REPOSITORY BINARY"""
import fnmatch
import json
import pathlib
import re
import subprocess
import sys

folder, root, server = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
template = folder / "nginx-analyzer"
failed = False


def check(right, what):
    global failed
    failed |= not right
    print(f"{'ok   ' if right else 'FAIL '}{what}")


def read(name):
    return json.loads((template / name).read_text())


schema = json.loads(subprocess.run([server, "schema"], capture_output=True, text=True, check=True).stdout)
settings = read("settings.schema.json")["properties"]["nginxAnalyzer"]
check(settings["properties"] == schema["properties"], "settings.schema.json has the server's settings (else: cargo xtask settings)")

main = read("template.json")
check(set(main) == {"id", "name", "programArgs", "fileTypeMappings"}, "template.json has the members that are documented")
check(main["programArgs"]["default"] == "nginx-analyzer lsp", "it starts the server")
(mapping,) = main["fileTypeMappings"]
check(mapping["languageId"] == "nginx", "the files' language is nginx")
patterns = mapping["fileType"]["patterns"]
for line in (root / "editors/test/names.tsv").read_text().splitlines():
    if line and not line.startswith("#"):
        kind, _, path, _ = line.split("\t")
        matched = any(fnmatch.fnmatchcase(path.rsplit("/", 1)[-1], pattern) for pattern in patterns)
        if kind == "other" or "nginx" in path.rsplit("/", 1)[-1]:
            check(matched == (kind == "nginx"), f"{kind}: {path}")
for name in ("settings.json", "initializationOptions.json"):
    check(read(name) == {"nginxAnalyzer": {}}, f"{name} is empty, below the section that the server asks for")
installer = read("installer.json")
assets = json.dumps(installer["run"]["download"]["github"]["asset"])
mason = (root / "editors/neovim/mason/packages/nginx-analyzer/package.yaml").read_text()
check(sorted(re.findall(r"nginx-analyzer-[\w.-]+", assets)) == sorted(re.findall(r"file: (\S+)", mason)), "the installer takes the release's archives, as Mason does")
page = json.loads(re.search(r"<!-- settings -->\n```json\n(.*?)```", (folder / "README.md").read_text(), re.S)[1])
rules = settings["properties"]["rules"]["properties"]
check(set(page["nginxAnalyzer"]["rules"]) <= set(rules), "the page's setting is one")
sys.exit(failed)
