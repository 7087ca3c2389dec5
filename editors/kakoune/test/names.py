"""Which files Kakoune takes for nginx's, and which it leaves. names.py KAK LIST FOLDER"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test"))
from names import files

kak, listed, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
told = folder / "told"
all_files = files(listed, folder)
# Without the rest of the page's kakrc: a server for each file would be started.
commands = [f"source {pathlib.Path(__file__).resolve().parents[1]}/nginx-analyzer.kak", "declare-option str-list told"]
commands += [f"edit '{file.path}'" for file in all_files]
commands += ['evaluate-commands -buffer * %{ set-option -add global told "%val{buffile} %opt{filetype}" }', f"echo -to-file {told} -quoting raw -- %opt{{told}}", "quit!"]
script = folder / "commands.kak"
script.write_text("\n".join(commands))
subprocess.run([kak, "-n", "-ui", "dummy", "-e", f"source {script}"], stdin=subprocess.DEVNULL, timeout=120, check=True)
said = told.read_text()
filetypes = {str(file.path): "nginx" if f"{file.path} nginx " in f"{said} " else "" for file in all_files}
wrong = 0
for file in all_files:
    right = (filetypes.get(str(file.path)) == "nginx") == file.nginx
    wrong += not right
    print(f"{'ok   ' if right else 'FAIL '}{'nginx' if file.nginx else 'other'}: {file.path.relative_to(folder)}")
sys.exit(1 if wrong or len(all_files) < 30 else 0)
