"""one_clean_boot.py RECORDING: does it hold exactly one boot, and no violation?"""
import json
import sys

BOOTS = ["compute.servers.create", "compute-v2.servers.create", "compute-v3.servers.create"]


def interactions(path):
    """The interactions of a whole recording in which nothing was wrong."""
    with open(path, encoding="utf-8") as file:
        header, *lines, end = map(json.loads, file)
    assert header["mockstack"] == "recording" and header["format"] == 1, header
    assert "end" in end, "the recording was cut"
    for line in lines:
        assert line["violations"] == [], line
    return lines


def the_boot(lines):
    """The only boot, which was accepted."""
    boots = [line for line in lines if line["operation"] in BOOTS]
    assert len(boots) == 1, f"{len(boots)} boots"
    assert boots[0]["response"]["status"] == 202, boots[0]["response"]
    return boots[0]


if __name__ == "__main__":
    lines = interactions(sys.argv[1])
    boot = the_boot(lines)
    print(f"the recording holds {len(lines)} requests, one boot at {boot.get('microversion')}, no violation")
