#!/usr/bin/env python3
"""report.py FILE: reads what lsp_strict_proxy.py wrote, prints it for people; fails when the server broke the protocol.

What the client did wrong is told, but is not ours to mend."""
import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
summary = next((line["summary"] for line in lines if "summary" in line), None)
faults = {"server": 0, "client": 0}
for line in lines:
    if "error" in line:
        faults[line["from"]] += 1
        print(f"{line['from']} {line['method']} #{line['id']}: {line['error']}\n     {line['message']}")
if summary is None:
    print("FAIL the checker has not seen the end of the session")
elif summary["server_messages"] < 3:
    print(f"FAIL only {summary['server_messages']} messages of the server were seen")
elif faults["server"]:
    print(f"FAIL {faults['server']} messages of the server break the protocol")
else:
    print(f"ok   every one of the server's {summary['server_messages']} messages keeps the protocol; the client sent {summary['client_messages']}, faults in them: {faults['client']}")
    sys.exit(0)
sys.exit(1)
