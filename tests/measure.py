#!/usr/bin/env python3
"""measure.py [--op OPERATION] FILE...: how often mockstack says what Nova said.

Each FILE holds JSON lines, labelled by Nova: {"id", "op", "microversion", "body", "query"} and what Nova answered, {"valid",
"status", "message", "path"}. Lines without "op" tell where the rows come from; rows with "layer": "crash" are requests at
which Nova itself broke, so there is nothing to agree with. `mockstack contract check` judges them.

  verdict   the same "valid" and "status", of all rows
  path      the same "path", of the rows that Nova refused
  text      the same "message", of the rows that Nova refused, apart from two kinds of texts that cannot be the same: Nova
            prints some lists in the order of a Python set, and its pattern for printable characters is kilobytes long

Exits with 0 if everything agrees, with 1 if not. MOCKSTACK names the binary, otherwise it is target/release/mockstack.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("MOCKSTACK") or pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release/mockstack")


def labelled(files, op):
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row.get("layer") != "crash" and "op" in row and op in (None, row["op"]):
                    yield row


def judged(rows):
    keys = ("id", "op", "microversion", "body", "query")
    cases = "".join(json.dumps({key: row.get(key) for key in keys}) + "\n" for row in rows)
    command = [BINARY, "contract", "check", "--cases", "-"]
    output = subprocess.run(command, input=cases, stdout=subprocess.PIPE, text=True, check=False).stdout
    return [json.loads(line) for line in output.splitlines()]


def comparable(message):
    text = re.sub(r"does not match '\^\[.*\]\*\$'$", "does not match a class of characters", message or "")
    return re.sub(r"not one of \[([^\]]*)\]", lambda found: "not one of " + str(sorted(found[1].split(", "))), text)


def disagreements(row, verdict):
    if (verdict.get("valid"), verdict.get("status")) != (row["valid"], row["status"]):
        yield "verdict"
    if not row["valid"] and verdict.get("path") != row["path"]:
        yield "path"
    if not row["valid"] and comparable(verdict.get("message")) != comparable(row["message"]):
        yield "text"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--op", help="only this operation")
    options = parser.parse_args()
    rows = list(labelled(options.files, options.op))
    verdicts = judged(rows)
    if not rows or len(verdicts) != len(rows):
        sys.exit(f"{len(rows)} rows, {len(verdicts)} verdicts")
    wrong = {"verdict": 0, "path": 0, "text": 0}
    for row, verdict in zip(rows, verdicts):
        kinds = list(disagreements(row, verdict))
        for kind in kinds:
            wrong[kind] += 1
        if kinds:
            print(f"{row.get('id')} {row['op']} at {row.get('microversion')}: {', '.join(kinds)}")
            for who, said in (("Nova", row), ("mockstack", verdict)):
                print(f"  {who:10}", *(json.dumps(said.get(key)) for key in ("valid", "status", "path", "message")))
    refused = sum(not row["valid"] for row in rows)
    for kind, count in wrong.items():
        of = len(rows) if kind == "verdict" else refused
        print(f"{kind:8} {of - count} of {of} agree ({(100 - 100 * count / of) if of else 100:.2f} %)")
    sys.exit(any(wrong.values()))


if __name__ == "__main__":
    main()
