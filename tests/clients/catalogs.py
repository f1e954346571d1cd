"""catalogs.py [--write] [CLIENT…]: each client boots, shows, lists and deletes a server in a cloud with each layout of the catalog, two
at a time. How it took them must be the table in docs/catalogs.md; arguments and exit codes are those of faults.py."""
import sys

from tables import Table, ended, said

CLIENTS = ["sdk-proxy", "novaclient-18", "gophercloud"]


def cell(report, printed):
    """How a client took the catalog: `works`, or what it said last."""
    return "works" if ended(report) == "works" else f"{ended(report)}: {said(printed)}"


def main():
    table = Table("catalogs.md", "catalog", lambda name: ["--catalog", name], cell, CLIENTS)
    return table.main(table.names())


if __name__ == "__main__":
    sys.exit(main())
