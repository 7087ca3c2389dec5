"""Which files Helix takes for nginx's, and which it leaves. names.py HX LIST FOLDER"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test"))
from names import files
from terminal import Terminal

hx, listed, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
(folder / ".helix").mkdir(parents=True)
(folder / ".helix/languages.toml").write_text('[[language]]\nname = "nginx"\nlanguage-servers = []\n')
config = folder / "config.toml"
config.write_text('[editor.statusline]\nleft = ["file-base-name"]\nright = ["file-type"]\n')
helix = Terminal(hx, ["--config", str(config)], folder)
helix.sees("scratch", "it starts")
for file in files(listed, folder):
    name = file.path.relative_to(folder)
    ours = file.nginx and file.by_name
    helix.send(f":open {name}\r")
    helix.until(lambda: (words := helix.screen.display[-2].split()) and words[0] == file.path.name and len(words) == 2, f"{name} is opened")
    helix.check((helix.screen.display[-2].split()[1] == "nginx") == ours, f"{name} is {'' if ours else 'not '}nginx's")
    helix.send(":bc!\r")
    helix.until(lambda: "scratch" in helix.screen.display[-2], "and closed")
helix.send(":qa!\r")
helix.ends()
