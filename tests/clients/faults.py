"""faults.py [--write] [CLIENT…]: each client boots, lists and deletes a server in a cloud with each fault of the catalogue that
such a client can meet, two at a time. How it took them must be the table in docs/faults.md, for the clients that are named or
for all; --write makes it so. Exit codes: 0 the same, 1 another table, 77 a client that cannot be installed."""
import concurrent.futures
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile

from driving import HERE, MOCKSTACK, QUIET, ROOT, build, install

PAGE = ROOT / "docs" / "faults.md"
# A client that has not ended after so many seconds waits for what does not come.
PATIENCE = 60

# The client, what drives it, and the options without which it does not find its cloud.
CLIENTS = {
    "sdk-proxy": (["python", "sdk-proxy.py"], []),
    "osc": (["bash", "osc.sh"], []),
    "novaclient-18": (["bash", "novaclient-18.sh"], []),
    "gophercloud": (["bash", "gophercloud.sh"], ["--env-for", "gophercloud"]),
}
STEPS = "images,boot,boot to ACTIVE,ACTIVE,show,list,delete"
START, END = "<!-- table: clients -->\n", "<!-- end of the clients -->"


def faults():
    """The names of the catalogue, without those of volumes: the clients here have none."""
    page = PAGE.read_text(encoding="utf-8")
    rows = page[page.index("<!-- table: catalogue -->") : page.index("<!-- end of the table -->")]
    return [name for name in re.findall(r"^\| `(.*?)` \|", rows, re.MULTILINE) if not name.startswith("volume-")]


def run(name, venv, fault):
    """How a client takes a fault: `worked: retried`."""
    steps, options = CLIENTS[name]
    with tempfile.TemporaryDirectory() as home:
        report = os.path.join(home, "report.json")
        told = {"HOME": home, "PATH": f"{venv}/bin:{os.environ['PATH']}", "ONLY": STEPS}
        command = [MOCKSTACK, "run", *options, "--fault", fault, "--report", f"json={report}", "--"]
        command += ["timeout", str(PATIENCE), steps[0], str(HERE / steps[1])]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        subprocess.run(command, env={**os.environ, **told, **QUIET}, **pipes, text=True, timeout=PATIENCE + 60)
        with open(report, encoding="utf-8") as file:
            return cell(json.load(file))


def cell(report):
    (fault,) = report["faults"]
    if not fault["times"]:
        return "does not ask"
    ended = {0: "works", 124: "waits"}.get(report["command"] or 0, "fails")
    texts = [re.sub(r" (after|at) [0-9.]+ s| #\d+|\(.*\)", "", reaction["text"]) for reaction in fault["reactions"]]
    codes = {violation["code"] for complaint in report["complaints"] for violation in complaint["violations"]}
    shown = [f"`{code}`" for code in sorted(codes)] or sorted({text.split(";")[0] for text in texts})
    return ", ".join([ended, *shown])


def rows(names):
    """The row of each fault, as cells by client."""
    venvs = {name: install(name) for name in names}
    pairs = [(name, fault) for fault in faults() for name in names]
    with concurrent.futures.ThreadPoolExecutor(2) as jobs:
        cells = jobs.map(lambda pair: run(pair[0], venvs[pair[0]], pair[1]), pairs)
        found = dict(zip(pairs, cells))
    return {fault: {name: found[name, fault] for name in names} for fault in faults()}


def read(page):
    """The table that the page has."""
    text = page[page.index(START) + len(START) : page.index(END)]
    lines = [[part.strip() for part in line.strip("|\n ").split(" | ")] for line in text.splitlines() if line.startswith("| `")]
    return {line[0].strip("`"): dict(zip(CLIENTS, line[1:])) for line in lines}


def drawn(table):
    head = f"| fault | {' | '.join(CLIENTS)} |\n|---|{'---|' * len(CLIENTS)}\n"
    line = lambda fault, cells: f"| `{fault}` | {' | '.join(cells.get(name, '') for name in CLIENTS)} |\n"
    return head + "".join(line(fault, cells) for fault, cells in table.items())


def main():
    names = [name for name in sys.argv[1:] if name in CLIENTS] or list(CLIENTS)
    build()
    page = PAGE.read_text(encoding="utf-8")
    old = read(page)
    new = {fault: {**old.get(fault, {}), **cells} for fault, cells in rows(names).items()}
    changed = page[: page.index(START) + len(START)] + drawn(new) + page[page.index(END) :]
    if changed != page and "--write" not in sys.argv:
        sys.stdout.writelines(difflib.unified_diff(page.splitlines(True), changed.splitlines(True), "docs/faults.md", "what the clients did"))
        print("FAIL: tests/clients/faults.py --write puts it right")
        return 1
    PAGE.write_text(changed, encoding="utf-8")
    print(f"PASS: {', '.join(names)} with {len(new)} faults")
    return 0


if __name__ == "__main__":
    sys.exit(main())
