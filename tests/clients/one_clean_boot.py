"""one_clean_boot.py RECORDING: does it hold exactly one boot, and no violation?"""
import json
import sys

BOOTS = ["compute.servers.create", "compute-v2.servers.create", "compute-v3.servers.create"]

with open(sys.argv[1], encoding="utf-8") as file:
    header, *interactions, end = map(json.loads, file)

assert header["mockstack"] == "recording" and header["format"] == 1, header
assert "end" in end, "the recording was cut"
for line in interactions:
    assert line["violations"] == [], line
boots = [line for line in interactions if line["operation"] in BOOTS]
assert len(boots) == 1, f"{len(boots)} boots"
assert boots[0]["response"]["status"] == 202, boots[0]["response"]
print(f"the recording holds {len(interactions)} requests, one boot at {boots[0].get('microversion')}, no violation")
