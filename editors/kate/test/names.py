"""The names in katemoderc take nginx's files, and leave others. names.py LIST KATEMODERC"""
import fnmatch
import pathlib
import re
import sys

listed, mode = map(pathlib.Path, sys.argv[1:])
wildcards = re.search(r"^Wildcards=(.*)$", mode.read_text(), re.M)[1].split(";")
failed = False
for line in listed.read_text().splitlines():
    if line and not line.startswith("#"):
        kind, _, path, _ = line.split("\t")
        name = path.rsplit("/", 1)[-1]
        # Others of nginx's files are told by their folders, which .kateconfig is for.
        if kind == "other" or "nginx" in name:
            right = any(fnmatch.fnmatchcase(name, wildcard) for wildcard in wildcards) == (kind == "nginx")
            failed |= not right
            print(f"{'ok   ' if right else 'FAIL '}{kind}: {path}")
sys.exit(failed)
