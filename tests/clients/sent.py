"""sent.py MATRIX.json RECORDINGS [--write]: what clients sent in the cells of a matrix that are clean, as their recordings have it, must be
the tables in docs/releases.md; --write makes it so."""
import difflib
import json
import pathlib
import re
import sys

from one_clean_boot import interactions, the_boot

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "releases.md"
HEAD = [
    "| client | cloud | logs in at | looks for Nova's versions at | boots at | microversion | keys of `server` |\n",
    "|---|---|---|---|---|---|---|\n",
]


def table(page, name):
    """Where the table `name` stands in the page."""
    start = page.index(f"<!-- table: {name} -->\n") + len(f"<!-- table: {name} -->\n")
    end = page.find("\n\n", start)
    return start, len(page) if end < 0 else end + 1


def row(client, cloud, lines):
    login = next(line for line in lines if ".tokens." in line["operation"])
    boot = the_boot(lines)
    headers = dict(boot["request"]["headers"])
    sent = {headers.get("openstack-api-version", "").replace("compute ", ""), headers.get("x-openstack-nova-api-version", "")}
    documents = {path(line): None for line in lines if re.match(r"compute.*\.versions\.", line["operation"])}
    cells = [client, cloud, path(login), ", ".join(documents) or "nowhere", path(boot)]
    cells += [" and ".join(sorted(sent - {""})) or "none", keys(boot["shape"])]
    return "| " + " | ".join(cells) + " |\n"


def keys(shape):
    """`server.name server.networks.uuid server.networks.port` as `name, networks (uuid, port)`."""
    inner = {}
    for place in shape.replace("server.", "").split():
        key, _, below = place.partition(".")
        inner.setdefault(key, []).append(below)
    return ", ".join(f"{key} ({', '.join(below)})" if below[0] else key for key, below in inner.items())


def path(line):
    """`POST /identity/v3/auth/tokens`; an id that it holds is the project's."""
    target = re.sub(r"/[0-9a-f]{32}/", "/{project}/", line["request"]["target"])
    return f"{line['request']['method']} {target}"


def main(matrix, recordings, *options):
    matrix = json.loads(pathlib.Path(matrix).read_text(encoding="utf-8"))
    # A client after the other: so each can be read in one piece.
    cells = sorted((cell for cell in matrix["cells"] if cell["state"] == "clean"), key=lambda cell: matrix["clients"].index(cell["client"]))
    kept = page = PAGE.read_text(encoding="utf-8")
    for name in ["clients", "vendors"]:
        own = [cell for cell in cells if cell["cloud"].startswith("vendor-") == (name == "vendors")]
        rows = [row(cell["client"], cell["cloud"], interactions(f"{recordings}/{cell['client']}/{cell['cloud']}.jsonl")) for cell in own]
        start, end = table(page, name)
        page = page[:start] + "".join(HEAD + rows) + page[end:]
    if page != kept and "--write" not in options:
        lines = difflib.unified_diff(kept.splitlines(True), page.splitlines(True), "docs/releases.md", "what the clients sent")
        sys.stdout.writelines(lines)
        print("FAIL: tests/clients/releases.sh --write puts it right")
        return 1
    PAGE.write_text(page, encoding="utf-8")
    print(f"PASS {len(cells)} clean cells, as docs/releases.md has them")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
