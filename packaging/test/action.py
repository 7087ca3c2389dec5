"""action.py DIST VERSION: runs the steps of action.yml as a runner does, with the release in a folder instead of on GitHub. The upload to code
scanning is GitHub's own step: here only whether it would run, and with which file."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

dist, version = pathlib.Path(sys.argv[1]), sys.argv[2]
root = pathlib.Path(__file__).resolve().parents[2]
action = yaml.safe_load((root / "action.yml").read_text())
work = pathlib.Path(tempfile.mkdtemp())


def release(change=None):
    """A folder with the archive and the checksums, as a release has them."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work)) / f"v{version}"
    folder.mkdir()
    archive = next(dist.glob("nginx-analyzer-*.tar.gz"))
    # Whatever the binary was built for: the runner takes the name of its own platform's archive.
    name = "nginx-analyzer-x86_64-unknown-linux-musl"
    unpacked = folder / "unpacked"
    shutil.unpack_archive(archive, unpacked, filter="fully_trusted") if sys.version_info >= (3, 12) else shutil.unpack_archive(archive, unpacked)
    next(unpacked.iterdir()).rename(unpacked / name)
    shutil.make_archive(str(folder / name), "gztar", unpacked)
    data = (folder / f"{name}.tar.gz").read_bytes()
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(b'another').hexdigest()}  other.zip\n{hashlib.sha256(data).hexdigest()}  {name}.tar.gz\n")
    if change:
        change(folder, f"{name}.tar.gz")
    return folder.parent


def run(inputs, project, releases):
    """Does what a runner does with a composite action. Returns the exit status, what was printed, the outputs, and the uploads."""
    values = {name: str(given.get("default", "")) for name, given in action["inputs"].items()} | inputs
    outputs, printed, uploads, path = {}, "", [], os.environ["PATH"]

    def value(expression):
        place, *rest = expression.strip().split(".")
        if place == "inputs":
            return values[rest[0]]
        if place == "steps":
            return outputs.get(rest[0], {}).get(rest[2], "")
        raise ValueError(expression)

    def expand(text):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: value(found[1]), str(text))

    def holds(condition):
        parts = [re.fullmatch(r"(\S+) == '(.*)'", part.strip()) for part in condition.split("&&")]
        return all(value(part[1]) == part[2] for part in parts)

    temporary = pathlib.Path(tempfile.mkdtemp(dir=work))
    for step in action["runs"]["steps"]:
        if "if" in step and not holds(step["if"]):
            continue
        if "uses" in step:
            uploads.append({name: expand(given) for name, given in step["with"].items()})
            continue
        files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        assert "${{" not in step["run"], "inputs come by the environment: in the script they would be code"
        environment = {
            **os.environ,
            "PATH": path,
            "GITHUB_ACTION_PATH": str(root),
            "RUNNER_TEMP": str(temporary),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "NGINX_ANALYZER_RELEASES": releases.as_uri(),
            **{name: str(file) for name, file in files.items()},
            **{name: expand(given) for name, given in step.get("env", {}).items()},
        }
        # As `shell: bash` of a runner.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        result = subprocess.run(command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        printed += result.stdout
        for line in files["GITHUB_PATH"].read_text().splitlines():
            path = f"{line}{os.pathsep}{path}"
        pairs = [line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines()]
        outputs.setdefault(step.get("id", ""), {}).update(dict(pairs))
        if result.returncode:
            return result.returncode, printed, outputs, uploads
    return 0, printed, outputs, uploads


def check(condition, what, shown=""):
    if not condition:
        sys.exit(f"FAILED: {what}\n{shown}")
    print(f"ok   {what}")


try:
    example = work / "example"
    shutil.copytree(root / "examples/oauth2-gateway", example)
    (example / ".git").mkdir()
    good = release()

    status, printed, outputs, uploads = run({"sarif": "true"}, example, good)
    check(status == 1 and f"nginx-analyzer {version}" in printed, "the action installs its own release, and fails when something is found", printed)
    annotations = re.findall(r"^::(warning|error) file=nginx\.conf,line=\d+", printed, re.M)
    check(len(annotations) > 3, "findings are annotations at their lines", printed)
    check("::notice" not in printed, "what is below the level is not shown", printed)
    sarif = json.loads(pathlib.Path(outputs["check"]["sarif"]).read_text())
    rules = {result["ruleId"] for run_ in sarif["runs"] for result in run_["results"]}
    check("dead-location" in rules and sarif["version"] == "2.1.0", "they are SARIF, too", rules)
    check(uploads == [{"sarif_file": outputs["check"]["sarif"], "category": "nginx-analyzer"}], "which is handed to code scanning", uploads)

    status, printed, outputs, uploads = run({"fail": "false", "annotations": "false"}, example, good)
    check(status == 0 and outputs["check"]["found"] == "true" and not uploads, "it need not fail, nor upload", printed)
    check("::warning" not in printed, "nor annotate", printed)

    fine = work / "fine $(touch made)"
    fine.mkdir()
    (fine / "nginx.conf").write_text("events {}\nhttp {\n    server {\n        listen 80;\n        location / {\n            return 204;\n        }\n    }\n}\n")
    status, printed, outputs, _ = run({"path": f"{fine}\n", "arguments": "--no-logs\n--workspace\n" + str(fine)}, work, good)
    check(status == 0 and outputs["check"]["found"] == "false", "it passes where there is nothing to find; a path is only a path", printed)
    check(not list(work.rglob("made")), "and never a command")

    status, printed, _, _ = run({"path": "nowhere"}, work, good)
    check(status == 2 and "::error::nginx-analyzer could not run" in printed, "it fails when the check can't run", printed)

    status, printed, _, _ = run({"version": "9.9.9"}, example, good)
    check(status == 2 and "Is 9.9.9 released?" in printed, "a release that is not there is said to be", printed)
    status, printed, _, _ = run({"version": "$(id)"}, example, good)
    check(status == 2 and "is no version" in printed, "what is no version is refused", printed)

    damaged = release(lambda folder, name: (folder / name).write_bytes((folder / name).read_bytes() + b"x"))
    status, printed, _, _ = run({}, example, damaged)
    check(status == 2 and "is not the file that SHA256SUMS names" in printed, "an archive with another checksum is not unpacked", printed)
    unnamed = release(lambda folder, _: (folder / "SHA256SUMS").write_text(""))
    status, printed, _, _ = run({}, example, unnamed)
    check(status == 2 and "is not the file that SHA256SUMS names" in printed, "nor one that no checksum is known of", printed)
finally:
    shutil.rmtree(work)
