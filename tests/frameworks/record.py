#!/usr/bin/env python3
"""Starts the application of a fixture and writes down what it answers: the truth that the readers are compared with.

    record.py NAME…           writes NAME/truth.json
    record.py --check NAME…   starts it again and compares

A fixture is a folder: `app/` is the application, `start` starts it in the foreground on 127.0.0.1:$PORT (what it needs it installs
below $CACHE, which is kept), `ask.txt` has a request a line (`GET /users/7`). `start` ends with 77 where its runtime is missing.
Standard library only.
"""
import http.client, json, os, pathlib, signal, socket, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("FRAMEWORKS_CACHE") or HERE.parent.parent / "target" / "frameworks")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, method, uri):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, uri, headers={"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


def requests(folder):
    lines = (folder / "ask.txt").read_text().splitlines()
    return [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]


def answers(folder):
    """The answers; None where the runtime is missing."""
    port = free_port()
    cache = CACHE / folder.name
    cache.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PORT": str(port), "CACHE": str(cache)}
    with open(cache / "output.log", "w") as log:
        server = subprocess.Popen(["bash", str(folder / "start")], cwd=folder / "app", env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        end = time.monotonic() + 900
        while True:
            if server.poll() is not None:
                if server.returncode == 77:
                    return None
                raise SystemExit(f"{folder.name}: it ended with {server.returncode}; see {cache / 'output.log'}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit(f"{folder.name}: it does not listen; see {cache / 'output.log'}")
                time.sleep(0.1)
        return [[method, uri, ask(port, method, uri)] for method, uri in requests(folder)]
    finally:
        try:
            os.killpg(server.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        server.wait()


def main():
    names = [name for name in sys.argv[1:] if name != "--check"]
    failed = False
    for name in names:
        folder = HERE / name
        found = answers(folder)
        if found is None:
            print(f"{name}: skipped, its runtime is not here")
            continue
        truth = folder / "truth.json"
        lines = ",\n".join("  " + json.dumps(answer) for answer in found)
        text = "[\n" + lines + "\n]\n"
        if "--check" in sys.argv:
            same = truth.exists() and truth.read_text() == text
            failed |= not same
            print(f"{name}: {len(found)} answers" + ("" if same else ", not as they were recorded"))
            if not same:
                print(text)
        else:
            truth.write_text(text)
            print(f"{name}: {len(found)} answers recorded")
    sys.exit(failed)


main()
