"""faults.py [--write] [CLIENT…]: each client boots, lists and deletes a server in a cloud with each fault of the catalogue that
such a client can meet, two at a time. How it took them must be the table in docs/faults.md, for the clients that are named or
for all; --write makes it so. Exit codes: 0 the same, 1 another table, 77 a client that cannot be installed."""
import re
import sys

from tables import Table, ended

CLIENTS = ["sdk-proxy", "osc", "novaclient-18", "gophercloud"]


def cell(report, _):
    """How a client took a fault: `works, retried`."""
    (fault,) = report["faults"]
    if not fault["times"]:
        return "does not ask"
    texts = [re.sub(r" (after|at) [0-9.]+ s| #\d+|\(.*\)", "", reaction["text"]) for reaction in fault["reactions"]]
    codes = {violation["code"] for complaint in report["complaints"] for violation in complaint["violations"]}
    shown = [f"`{code}`" for code in sorted(codes)] or sorted({text.split(";")[0] for text in texts})
    return ", ".join([ended(report), *shown])


def main():
    table = Table("faults.md", "fault", lambda name: ["--fault", name], cell, CLIENTS, patience=60)
    # The clients here have no volumes.
    return table.main([name for name in table.names() if not name.startswith("volume-")])


if __name__ == "__main__":
    sys.exit(main())
