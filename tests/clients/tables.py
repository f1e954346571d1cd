"""Tables of how clients take something: a row for each thing, a column for each client, in a page of the documentation."""
import concurrent.futures
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile

from driving import HERE, MOCKSTACK, QUIET, ROOT, build, install

# The client, what drives it, and the options without which it does not find its cloud.
CLIENTS = {
    "sdk-proxy": (["python", "sdk-proxy.py"], []),
    "osc": (["bash", "osc.sh"], []),
    "novaclient-18": (["bash", "novaclient-18.sh"], []),
    "gophercloud": (["bash", "gophercloud.sh"], ["--env-for", "gophercloud"]),
}
STEPS = "images,boot,boot to ACTIVE,ACTIVE,show,list,delete"
START, END = "<!-- table: clients -->\n", "<!-- end of the clients -->"


class Table:
    """The table of `page`. `option` has `mockstack run` do each thing; `cell` makes the text of a report and what was printed. A client
    that has not ended after `patience` seconds, or as many as PATIENCE says, waits for what does not come."""

    def __init__(self, page, head, option, cell, clients, patience=300):
        self.page, self.head, self.option, self.cell, self.clients = ROOT / "docs" / page, head, option, cell, clients
        self.patience = int(os.environ.get("PATIENCE", patience))

    def names(self):
        """What the catalogue of the page lists."""
        page = self.page.read_text(encoding="utf-8")
        rows = page[page.index("<!-- table: catalogue -->") : page.index("<!-- end of the table -->")]
        return re.findall(r"^\| `(.*?)` \|", rows, re.MULTILINE)

    def run(self, client, venv, name):
        """How a client takes one of them."""
        steps, options = CLIENTS[client]
        with tempfile.TemporaryDirectory() as home:
            report = os.path.join(home, "report.json")
            told = {"HOME": home, "PATH": f"{venv}/bin:{os.environ['PATH']}", "ONLY": STEPS}
            command = [MOCKSTACK, "run", *options, *self.option(name), "--report", f"json={report}", "--"]
            # What the client prints is apart from the verdict.
            printed = os.path.join(home, "printed")
            command += ["sh", "-c", 'exec "$@" >"$0" 2>&1', printed, "timeout", str(self.patience), steps[0], str(HERE / steps[1])]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(command, env={**os.environ, **told, **QUIET}, **quiet, timeout=self.patience + 60)
            with open(report, encoding="utf-8") as file, open(printed, encoding="utf-8", errors="replace") as lines:
                return self.cell(json.load(file), lines.read())

    def rows(self, clients, names):
        """The row of each name, as cells by client."""
        venvs = {client: install(client) for client in clients}
        pairs = [(client, name) for name in names for client in clients]
        with concurrent.futures.ThreadPoolExecutor(2) as jobs:
            cells = jobs.map(lambda pair: self.run(pair[0], venvs[pair[0]], pair[1]), pairs)
            found = dict(zip(pairs, cells))
        return {name: {client: found[client, name] for client in clients} for name in names}

    def read(self, page):
        """The table that the page has."""
        text = page[page.index(START) + len(START) : page.index(END)]
        lines = [[part.strip() for part in line.strip("|\n ").split(" | ")] for line in text.splitlines() if line.startswith("| `")]
        return {line[0].strip("`"): dict(zip(self.clients, line[1:])) for line in lines}

    def drawn(self, table):
        head = f"| {self.head} | {' | '.join(self.clients)} |\n|---|{'---|' * len(self.clients)}\n"
        line = lambda name, cells: f"| `{name}` | {' | '.join(cells.get(client, '') for client in self.clients)} |\n"
        return head + "".join(line(name, cells) for name, cells in table.items())

    def main(self, names, is_shown=lambda cells: True):
        """Compares the table with what the clients do that the arguments name, or all; `--write` writes it. The exit code."""
        clients = [name for name in sys.argv[1:] if name in self.clients] or self.clients
        build()
        page = self.page.read_text(encoding="utf-8")
        old = self.read(page)
        new = {name: {**old.get(name, {}), **cells} for name, cells in self.rows(clients, names).items()}
        shown = {name: cells for name, cells in new.items() if is_shown(cells)}
        changed = page[: page.index(START) + len(START)] + self.drawn(shown) + page[page.index(END) :]
        if changed != page and "--write" not in sys.argv:
            where = f"docs/{self.page.name}"
            sys.stdout.writelines(difflib.unified_diff(page.splitlines(True), changed.splitlines(True), where, "what the clients did"))
            print(f"FAIL: {sys.argv[0]} --write puts it right")
            return 1
        self.page.write_text(changed, encoding="utf-8")
        print(f"PASS: {', '.join(clients)}, {len(new)} rows")
        return 0


def said(printed):
    """The last line of what a client printed, without what differs from run to run."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|[0-9]+(?:[.][0-9]+){3}:[0-9]+|0x[0-9a-f]+|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+", "…", lines[-1] if lines else "nothing")
    return text[:140].replace("|", "/")


def ended(report):
    """How the client ended."""
    return {0: "works", 124: "waits"}.get(report["command"] or 0, "fails")
