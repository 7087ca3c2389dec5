"""The files of names.tsv, made for real in a folder."""
import collections
import pathlib

File = collections.namedtuple("File", "nginx by_name path")


def files(listed, folder):
    found = []
    for line in pathlib.Path(listed).read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        kind, told, path, text = line.split("\t")
        file = pathlib.Path(folder) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("\\n", "\n"))
        found.append(File(kind == "nginx", told == "name", file))
    return found
