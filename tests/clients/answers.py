"""answers.py [--write] [CLIENT…]: each client boots, shows, lists and deletes a server in a cloud that gives each of the awkward answers,
two at a time. How it took them must be the table in docs/awkward-answers.md; arguments and exit codes are those of faults.py."""
import sys

from tables import Table, ended, said

CLIENTS = ["sdk-proxy", "novaclient-18", "gophercloud"]
# With which others an answer is given.
TOGETHER = {"next-on-another-host": ["one-a-page"]}


def option(name):
    return [part for one in [name, *TOGETHER.get(name, [])] for part in ("--answers", one)]


def cell(report, printed):
    """How a client took the answers: `works`, or what it said last."""
    if not any(own["times"] for own in report["answers"]):
        return "does not ask"
    if ended(report) == "works":
        return "works"
    return f"{ended(report)}: {said(printed)}"


def main():
    table = Table("awkward-answers.md", "answers", option, cell, CLIENTS)
    return table.main(table.names(), lambda cells: set(cells.values()) - {"works", "does not ask"})


if __name__ == "__main__":
    sys.exit(main())
