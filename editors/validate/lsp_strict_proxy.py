#!/usr/bin/env python3
"""Stands between an editor and a language server and checks every message, in both directions, against the protocol's own types.

    LSP_PROXY_OUT=messages.jsonl lsp_strict_proxy.py SERVER [ARGUMENT...]

The bytes pass unchanged. The types are those that lsprotocol generates from the official meta model (pip install lsprotocol). A server
must keep them exactly: no missing member, none that is unknown, no null for one that is left out. It must also answer every request
once, say nothing before `initialize` is answered, and give ranges that end after they start.

The report has one JSON object a line: {"from", "method", "id", "error", "message"}; the last is {"summary": ...}; report.py reads it.
With LSP_PROXY_SEEN=FILE every message is written there too, as {"from", "message"}: for tests of editors that nobody can look at.
The exit status is the server's.
"""
import collections.abc
import enum
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import typing

import attrs
from lsprotocol import converters
from lsprotocol import types as lsp

converters.get_converter()  # resolves the forward references of lsprotocol's types

BEFORE_INITIALIZED = {"window/showMessage", "window/logMessage", "telemetry/event", "window/showMessageRequest", "$/progress"}

# How many seconds an answer may take that the client leaves without.
PATIENCE = 10


# Beside the protocol, as rust-analyzer has it: only for a client with the capability `experimental.serverStatusNotification`.
SERVER_STATUS = "experimental/serverStatus"


def status_errors(message):
    """What is wrong with a notification `experimental/serverStatus`."""
    params = message.get("params")
    if "id" in message or not isinstance(params, dict):
        return ["it is a notification with an object"]
    found = []
    if params.get("health") not in ("ok", "warning", "error"):
        found.append(f".health: {short(params.get('health'))}")
    if not isinstance(params.get("quiescent"), bool):
        found.append(f".quiescent: {short(params.get('quiescent'))}")
    if not isinstance(params.get("message", ""), str):
        found.append(f".message: {short(params['message'])}")
    return found + [f".{name}: unknown member" for name in params if name not in ("health", "quiescent", "message")]


def member_name(field):
    """`text_document` is `textDocument` on the wire."""
    first, *rest = field.rstrip("_").split("_")
    return first + "".join(part.title() for part in rest)


def short(value):
    return json.dumps(value)[:60]


def errors(value, wanted, path, strict):
    """What is wrong with a JSON value of the type `wanted`; with `strict`, unknown members are."""
    if wanted in (typing.Any, object, lsp.LSPAny, lsp.LSPObject):
        return []
    if isinstance(wanted, (str, typing.ForwardRef)):
        name = wanted if isinstance(wanted, str) else wanted.__forward_arg__
        return errors(value, getattr(lsp, name.split(".")[-1]), path, strict)
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Union:
        return nearest([errors(value, one, path, strict) for one in arguments])
    if origin is typing.Literal:
        return [] if value in arguments else [f"{path}: {short(value)} is none of {arguments}"]
    if origin is tuple:
        if not isinstance(value, list) or len(value) != len(arguments):
            return [f"{path}: expected {len(arguments)} elements"]
        return [error for i, (item, type_) in enumerate(zip(value, arguments)) for error in errors(item, type_, f"{path}[{i}]", strict)]
    if origin in (list, collections.abc.Sequence):
        if not isinstance(value, list):
            return [f"{path}: expected an array, got {short(value)}"]
        return [error for i, item in enumerate(value) for error in errors(item, arguments[0], f"{path}[{i}]", strict)]
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, dict):
            return [f"{path}: expected an object, got {short(value)}"]
        return [error for key, item in value.items() for error in errors(item, arguments[1], f"{path}.{key}", strict)]
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        members = {member.value for member in wanted}
        right = type(value) in {type(member) for member in members} and value in members
        return [] if right else [f"{path}: {short(value)} is no {wanted.__name__}"]
    if attrs.has(wanted):
        return object_errors(value, wanted, path, strict)
    return primitive_errors(value, wanted, path)


def primitive_errors(value, wanted, path):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        type(None): value is None,
        bool: isinstance(value, bool),
        int: number and isinstance(value, int) and -(2**31) <= value < 2**31,
        float: number,
        str: isinstance(value, str),
    }
    if wanted not in fits:
        return [f"{path}: the checker does not know the type {wanted!r}"]
    return [] if fits[wanted] else [f"{path}: expected {wanted.__name__}, got {short(value)}"]


def object_errors(value, wanted, path, strict):
    if not isinstance(value, dict):
        return [f"{path}: expected {wanted.__name__}, got {short(value)}"]
    found, names = [], set()
    for field in attrs.fields(wanted):
        name = member_name(field.name)
        names.add(name)
        if name not in value:
            if field.default is attrs.NOTHING:
                found.append(f"{path}.{name}: missing in {wanted.__name__}")
            continue
        item = value[name]
        # Python has None for "left out"; the wire has null only where the meta model says so.
        optional = type(None) in typing.get_args(field.type) and field.default is None
        if item is None and optional and not lsp.is_special_property(wanted, field.name):
            found.append(f"{path}.{name}: null where {wanted.__name__} wants the member left out")
            continue
        below = errors(item, field.type, f"{path}.{name}", strict)
        if not below and "uinteger" in repr(field.validator) and isinstance(item, int) and item < 0:
            below = [f"{path}.{name}: {item} is negative"]
        found += below
    if strict:
        found += [f"{path}.{name}: unknown member of {wanted.__name__}" for name in value if name not in names]
    return found


def nearest(alternatives):
    """Of a union's alternatives the one that fits; else the one that fails deepest, which is the one that was meant."""
    depth = lambda found: (max(error.split(":")[0].count(".") for error in found), -len(found))
    return [] if any(not found for found in alternatives) else max(alternatives, key=depth)


def ranges(value, path=""):
    """Every range in a message."""
    if isinstance(value, dict):
        if set(value) >= {"start", "end"} and all(isinstance(value[key], dict) and {"line", "character"} <= set(value[key]) for key in ("start", "end")):
            yield path, value
        for key, item in value.items():
            yield from ranges(item, f"{path}.{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from ranges(item, f"{path}[{i}]")


class Session:
    """What was said so far, and what was wrong with it."""

    def __init__(self, out, seen):
        self.out = out
        self.seen = seen
        self.lock = threading.Lock()
        self.pending = {"server": {}, "client": {}}  # who asked -> id -> method
        self.count = {"server": 0, "client": 0}
        self.faults = {"server": 0, "client": 0}
        self.asked = {}  # when the client asked, by id
        self.left = None  # when the client said `exit`
        self.initialized = self.shutdown = self.ended = self.wants_status = False

    def report(self, side, message, error):
        with self.lock:
            self.faults[side] += 1
            method = message.get("method") or message.get("_method")
            line = {"from": side, "method": method, "id": message.get("id"), "error": error, "message": json.dumps(message)[:400]}
            self.out.write(json.dumps(line) + "\n")

    def check(self, side, message):
        self.count[side] += 1
        with self.lock:
            self.seen.write(json.dumps({"from": side, "message": message}) + "\n")
        if message.get("jsonrpc") != "2.0":
            self.report(side, message, "jsonrpc is not '2.0'")
        method, wanted = (self.call if "method" in message else self.answer)(side, message)
        if wanted is None:
            return
        message = {**message, "_method": method}
        found = errors({key: value for key, value in message.items() if key != "_method"}, wanted, "", strict=side == "server")
        for error in found[:5]:
            self.report(side, message, error)
        if side == "server":
            for path, range_ in ranges(message):
                start, end = ((range_[key]["line"], range_[key]["character"]) for key in ("start", "end"))
                if end < start:
                    self.report(side, message, f"{path}: the range ends before it starts")

    def call(self, side, message):
        """A request or notification: its method and type."""
        method = message["method"]
        if method not in lsp.METHOD_TO_TYPES:
            # A client may ask for what a server offers beside the protocol; a server may not assume any of it.
            if side == "server" and method == SERVER_STATUS and self.wants_status:
                for error in status_errors(message):
                    self.report(side, message, error)
            elif side == "server" and not method.startswith("$/"):
                self.report(side, message, f"unknown method {method}")
            if "id" in message:
                self.pending[side][message["id"]] = None
            return method, None
        request, response, _params, _options = lsp.METHOD_TO_TYPES[method]
        direction = lsp.message_direction(method)
        if direction not in ("both", "serverToClient" if side == "server" else "clientToServer"):
            self.report(side, message, f"wrong direction: {direction}")
        if "id" in message:
            if response is None:
                self.report(side, message, "a notification with an id")
            if message["id"] in self.pending[side]:
                self.report(side, message, "the id of a request that is not answered yet")
            self.pending[side][message["id"]] = method
        elif response is not None:
            self.report(side, message, "a request without an id")
        if side == "server" and not self.initialized and method not in BEFORE_INITIALIZED:
            self.report(side, message, "sent before initialize was answered")
        if side == "client":
            self.asked[message.get("id")] = time.monotonic()
            if method == "exit":
                self.left = time.monotonic()
        # Kate says it without an id: then nothing was asked for, and the exit status is that of an end without it.
        if side == "client" and method == "shutdown" and "id" in message:
            self.shutdown = True
        if side == "client" and method == "initialize":
            capabilities = message.get("params", {}).get("capabilities", {})
            self.wants_status = (capabilities.get("experimental") or {}).get("serverStatusNotification") is True
        return method, request

    def answer(self, side, message):
        """An answer: the method it is for, and its type."""
        other = "client" if side == "server" else "server"
        if message.get("id") not in self.pending[other]:
            self.report(side, message, "an answer to no request")
            return None, None
        method = self.pending[other].pop(message["id"])
        if ("result" in message) == ("error" in message):
            self.report(side, {**message, "_method": method}, "an answer has either a result or an error")
        if method == "initialize" and side == "server":
            self.initialized = True
        if "error" in message:
            return method, lsp.ResponseErrorMessage
        return method, None if method is None else lsp.METHOD_TO_TYPES[method][1]

    def unanswered(self):
        """What the client waited for in vain. Who says `exit` does not wait any more for what was asked a moment before."""
        pending = self.pending["client"]
        return {id_: method for id_, method in pending.items() if self.left is None or self.left - self.asked.get(id_, 0) > PATIENCE}

    def end(self, status):
        with self.lock:
            if self.ended:
                return
            self.ended = True
            summary = {"client_messages": self.count["client"], "server_messages": self.count["server"], "faults": self.faults, "exit": status}
            self.out.write(json.dumps({"summary": summary}) + "\n")


def pump(source, target, side, session, at_end):
    """Forwards bytes; what they hold is checked first, so that no answer overtakes its request here."""
    rest = b""
    while data := os.read(source.fileno(), 65536):
        rest = read_messages(rest + data, side, session)
        try:
            target.write(data)
            target.flush()
        except BrokenPipeError:
            break
    if rest.strip():
        session.report(side, {}, f"bytes left after the last message: {rest[:80]!r}")
    at_end()


def read_messages(data, side, session):
    """Checks the whole messages at the start of `data`; what follows them is given back."""
    while (end := data.find(b"\r\n\r\n")) >= 0:
        header = data[:end].split(b"\r\n")
        length = next((int(found[1]) for line in header if (found := re.fullmatch(rb"(?i)content-length: *(\d+) *", line))), None)
        if length is None:
            session.report(side, {}, f"a header without Content-Length: {data[:end][:80]!r}")
            return b""
        for line in header:
            if not re.fullmatch(rb"(?i)content-(length|type): ?[ -~]*", line):
                session.report(side, {}, f"stray bytes in the header: {line[:80]!r}")
        if len(data) < end + 4 + length:
            break
        body, data = data[end + 4 : end + 4 + length], data[end + 4 + length :]
        try:
            message = json.loads(body.decode("utf-8"))
        except ValueError as error:
            session.report(side, {}, f"the body is no JSON in UTF-8: {error}")
            continue
        try:
            session.check(side, message)
        except Exception as error:  # a fault of the checker must not break the editor
            session.report(side, message, f"checker: {type(error).__name__}: {error}")
    return data


def main():
    out = open(os.environ.get("LSP_PROXY_OUT", os.devnull), "a", buffering=1, encoding="utf-8")
    seen = open(os.environ.get("LSP_PROXY_SEEN", os.devnull), "a", buffering=1, encoding="utf-8")
    session = Session(out, seen)
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def terminated(*_):
        server.terminate()
        session.end("terminated by the editor")
        os._exit(143)

    def close_input():
        try:
            server.stdin.close()
        except OSError:
            pass

    signal.signal(signal.SIGTERM, terminated)
    # The server may end while the editor still holds its end open: the reader of the editor is not waited for.
    threading.Thread(target=pump, args=(sys.stdin.buffer, server.stdin, "client", session, close_input), daemon=True).start()
    reader = threading.Thread(target=pump, args=(server.stdout, sys.stdout.buffer, "server", session, lambda: None))
    reader.start()
    status = server.wait()
    reader.join()
    # One that was killed could not answer any more.
    if (unanswered := session.unanswered()) and status != -signal.SIGKILL:
        session.report("server", {}, f"requests that were never answered: {unanswered}")
    if session.shutdown and status != 0:
        session.report("server", {}, f"exit status {status} after shutdown")
    session.end(status)
    os._exit(status if status >= 0 else 1)


if __name__ == "__main__":
    main()
