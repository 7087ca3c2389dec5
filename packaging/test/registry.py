"""registry.py FOLDER PIPE: serves the npm packages of a folder as npm's registry does, on a free port of this machine, and writes
the URL into the pipe.
What is not in the folder is not found, as a platform that was not published."""

import base64
import hashlib
import http.server
import io
import json
import pathlib
import sys
import tarfile
import urllib.parse

folder, pipe = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def described(package):
    with tarfile.open(fileobj=io.BytesIO(package.read_bytes())) as archive:
        return json.load(archive.extractfile("package/package.json"))


class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urllib.parse.unquote(self.path).lstrip("/")
        for package in folder.glob("*.tgz"):
            if path == f"files/{package.name}":
                return self.answer(200, package.read_bytes(), "application/octet-stream")
            manifest = described(package)
            if path == manifest["name"]:
                integrity = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
                manifest["dist"] = {"tarball": f"{self.server.url}/files/{package.name}", "integrity": f"sha512-{integrity}"}
                version = manifest["version"]
                document = {"name": path, "dist-tags": {"latest": version}, "versions": {version: manifest}}
                return self.answer(200, json.dumps(document).encode(), "application/json")
        return self.answer(404, b'{"error":"not found"}', "application/json")

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
server.url = f"http://127.0.0.1:{server.server_port}"
pipe.write_text(server.url)
server.serve_forever()
