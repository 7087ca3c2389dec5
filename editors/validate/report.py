#!/usr/bin/env python3
"""report.py FILE: reads what lsp_strict_proxy.py wrote, prints it for people; fails when the server broke the protocol.

What the client did wrong is told, but is not ours to mend."""
import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
sessions = [line["summary"] for line in lines if "summary" in line]
faults = {"server": 0, "client": 0}
for line in lines:
    if "error" in line:
        faults[line["from"]] += 1
        print(f"{line['from']} {line['method']} #{line['id']}: {line['error']}\n     {line['message']}")
said = {side: sum(session[f"{side}_messages"] for session in sessions) for side in faults}
if not sessions:
    print("FAIL the checker has not seen the end of a session")
elif said["server"] < 3:
    print(f"FAIL only {said['server']} messages of the server were seen")
elif faults["server"]:
    print(f"FAIL {faults['server']} messages of the server break the protocol")
else:
    print(f"ok   all {said['server']} messages of the server in {len(sessions)} session(s) keep the protocol; of the client's {said['client']}, {faults['client']} do not")
    sys.exit(0)
sys.exit(1)
