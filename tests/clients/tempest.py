"""tempest.py [--write] [RUN…]: OpenStack's own conformance suite against `mockstack serve`. Without names all runs of RUNS. Passes if no
test fails and the tables of docs/conformance.md say what came out; --write makes them so. Exit codes: 0 as they say, 1 a test that
failed or another table, 77 Tempest cannot be installed."""
import collections
import configparser
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from driving import HERE, MOCKSTACK, QUIET, ROOT, build, install

PAGE = ROOT / "docs" / "conformance.md"
PUBLIC = "77777777-0000-4000-8000-000000000001"
IMAGE, OTHER_IMAGE = "c7f5c0de-0000-4000-8000-000000000001", "a8a63b4d-63a0-4aed-820d-0f5f249e07d9"

# The name of a run, the tests, and what the configuration has beside CONFIG. With `latest` every request is sent at the newest version.
OWN = {"auth": {"use_dynamic_credentials": "true"}}
GIVEN = {"auth": {"use_dynamic_credentials": "false"}}
LATEST = {"compute": {"min_microversion": "latest", "max_microversion": "latest"}}
# What Nova's own tests would ask of the hypervisor, Cinder's ask of the volume alone.
MULTIATTACH = {"compute-feature-enabled": {"volume_multiattach": "true"}}
RUNS = [
    ("compute", "accounts of its own", r"^tempest\.api\.compute\.", [OWN]),
    ("compute-given", "accounts that are there", r"^tempest\.api\.compute\.", [GIVEN]),
    ("compute-latest", "every request at the newest version", r"^tempest\.api\.compute\.", [OWN, LATEST]),
    ("identity", "accounts of its own", r"^tempest\.api\.identity\.", [OWN]),
    ("image", "accounts of its own", r"^tempest\.api\.image\.", [OWN]),
    ("network", "accounts of its own", r"^tempest\.api\.network\.", [OWN]),
    ("volume", "accounts of its own", r"^tempest\.api\.volume\.", [OWN, MULTIATTACH]),
]

# What the cloud has and does. What is not named is as Tempest assumes.
CONFIG = {
    "auth": {
        "admin_username": "admin", "admin_password": "secret", "admin_project_name": "admin", "admin_domain_name": "Default",
        "admin_system": "all",
    },
    "identity": {"auth_version": "v3", "region": "RegionOne", "v3_endpoint_type": "publicURL"},
    "identity-feature-enabled": {"api_v3": "true", "access_rules": "true", "application_credentials": "true"},
    "compute": {
        "image_ref": IMAGE, "image_ref_alt": OTHER_IMAGE, "flavor_ref": "1", "flavor_ref_alt": "2", "fixed_network_name": "private",
        "build_interval": "0", "build_timeout": "20", "ready_wait": "0", "min_compute_nodes": "1", "max_microversion": "latest",
    },
    "compute-feature-enabled": {
        **dict.fromkeys(["resize", "shelve", "rescue", "change_password", "snapshot", "interface_attach", "personality"], "true"),
        **dict.fromkeys(["metadata_service", "vnc_console", "live_migration", "cold_migration"], "false"),
    },
    "image": {"build_timeout": "20", "build_interval": "0"},
    "network": {"project_networks_reachable": "false", "floating_network_name": "public", "public_network_id": PUBLIC},
    "service_available": {"cinder": "true", "swift": "false", "horizon": "false"},
    "validation": {"run_validation": "false"},
    "volume": {"build_timeout": "20", "build_interval": "0", "max_microversion": "latest"},
    "volume-feature-enabled": dict.fromkeys(["extend_attached_volume", "extend_attached_encrypted_volume"], "true"),
}
ACCOUNTS = [
    {"username": "first", "project_name": "first", "roles": ["member"]},
    {"username": "second", "project_name": "second", "roles": ["member"]},
    {"username": "first-reader", "project_name": "first", "roles": ["reader"]},
    {"username": "first-manager", "project_name": "first", "roles": ["manager"]},
    # Two, since a test that wants an administrator, too, may be given the first: Tempest takes any account that fits.
    {"username": "service", "project_name": "service", "roles": ["admin", "service"]},
    {"username": "other-service", "project_name": "other", "roles": ["admin", "service"]},
    {"username": "admin", "project_name": "admin", "roles": ["admin"], "types": ["admin"]},
]

# What is not run, and why. What mockstack lacks it says by name: docs/coverage.md.
LEFT_OUT = [
    (r"test_rebuild_volume_backed_server", "it logs in to the guest, whatever it is told"),
    (r"admin\.v3\.test_(domain_configuration|endpoint_groups|oauth_consumers|policies|trusts)", "mockstack lacks these parts of Keystone"),
    (r"v3\.test_ec2_credentials", "mockstack lacks these parts of Keystone"),
    (r"admin\.test_metering_extensions", "neither mockstack nor the cloud that it was compared with has this extension"),
]

# What is not run at the newest version, as Tempest 47 has not followed Nova there.
LEFT_OUT_OF_LATEST = [
    (r"test_create_(flavor_verify_entry_in_list_details|list_flavor_without_extra_data)|test_flavors_extra_specs", "flavors have no `rxtx_factor` from 2.102 on, which Tempest sends or wants"),
    (r"HypervisorAdmin(TestJSON\.test_get_hypervisor_(list_details|show_details|stats|uptime)|V228Test|V253TestBase)|test_get_hypervisor_(stats|uptime)_with_non_admin_user", "from 2.88 on hypervisors show their uptime, and there are no statistics"),
    (r"test_keypairsv22_create_list_show_with_type", "from 2.92 on Nova makes no keys"),
    (r"test_attach_volume|AttachSCSIVolume|test_volume_assisted_snapshot_create_delete|with_volume_attached|while_in_attached_volume|test_rescued_vm_detach_volume", "from 2.101 on volumes are attached later, and the answer has no body"),
    (r"ServerTagsTestJSON\.test_(check_tag_existence|create_delete_tag|delete_all_tags|update_all_tags)", "Tempest's schemas of 2.100 have none for tags"),
    (r"test_create_server_with_scheduler_hint_group", "Nova shows scheduler hints as lists, and Tempest wants texts"),
]

# Why a test is skipped, by what Tempest says.
KINDS = [
    (r"[Vv]alidation|guest OS", "it logs in to the guest, and no guest runs"),
    (r"until bug", "Tempest waits for a bug of OpenStack to be resolved"),
    (r"(Live|Cold|live|cold).migration|live-migration|2 compute nodes", "it needs two hosts to migrate between"),
    (r"[Cc]onsole", "it opens a console, which is a web socket"),
    (r"microversion range", "it is about other microversions than the run's"),
    (r"Neutron (does not|allows)|nova-network", "it is about nova-network"),
    (r"shared networks", "it needs a cloud without a shared network"),
    (r"certified_image_ref", "it needs a signed image"),
    (r"From microversion", "it is about other microversions than the run's"),
    (r"Stable rescue|[Ss]wapping volumes|multi-attach|FQDN", "it needs a hypervisor that does this"),
    (r"[Nn]ot (configured|enabled)|disabled|not available|not support|only one store|to test against|is required to be|do_secure_hash|enforcement", "what it is about is not there, or not told of"),
]


def serve(work):
    """The cloud, with an image that has data: Tempest downloads it."""
    ready = work / "ready"
    options = ["--listen", "127.0.0.1:0", "--ready-file", str(ready), "--fixtures", str(HERE / "tempest.yaml"), "--no-fail"]
    server = subprocess.Popen([MOCKSTACK, "serve", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not ready.exists() or not ready.read_text():
        if server.poll() is not None:
            raise RuntimeError(f"mockstack ended with {server.returncode}")
        time.sleep(0.05)
    identity = ready.read_text().strip()
    return server, identity, prepare(identity, identity.removesuffix("/identity"))


def prepare(identity, cloud):
    """Uploads the image; the extensions of Neutron, which Tempest wants to be told."""
    user = {"name": "admin", "password": "secret", "domain": {"id": "default"}}
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    token = send("POST", f"{identity}/v3/auth/tokens", auth).headers["X-Subject-Token"]
    image = {"id": IMAGE, "name": "conformance", "disk_format": "qcow2", "container_format": "bare", "visibility": "public"}
    send("POST", f"{cloud}/image/v2/images", image, token)
    send("PUT", f"{cloud}/image/v2/images/{IMAGE}/file", b"\0" * 65536, token)
    listed = json.load(send("GET", f"{cloud}/network/v2.0/extensions", None, token))
    return ",".join(extension["alias"] for extension in listed["extensions"])


def send(method, url, body, token=None):
    is_data = isinstance(body, bytes)
    headers = {"Content-Type": "application/octet-stream" if is_data else "application/json"}
    if token:
        headers["X-Auth-Token"] = token
    data = body if is_data or body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)


def configure(work, identity, more):
    """Writes Tempest's configuration, its accounts, and where its tests are."""
    parser = configparser.ConfigParser(interpolation=None)
    accounts = work / "accounts.yaml"
    accounts.write_text(json.dumps([{**account, "password": "secret"} for account in ACCOUNTS]))
    own = {"identity": {"uri_v3": f"{identity}/v3"}, "oslo_concurrency": {"lock_path": str(work)}, "auth": {"test_accounts_file": str(accounts)}}
    for part in [CONFIG, own, *more]:
        for section, values in part.items():
            parser.read_dict({section: values})
    with open(work / "tempest.conf", "w", encoding="utf-8") as file:
        parser.write(file)


def run(venv, name, tests, more):
    """What became of each test, and why those were skipped that were."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        server, identity, extensions = serve(work)
        try:
            configure(work, identity, [{"network-feature-enabled": {"api_extensions": extensions}}, *more])
            package = next(pathlib.Path(venv).glob("lib/python*/site-packages/tempest"))
            (work / ".stestr.conf").write_text(f"[DEFAULT]\ntest_path={package}/test_discover\ntop_dir={package}\ngroup_regex=([^\\.]*\\.)*\n")
            left_out = LEFT_OUT + (LEFT_OUT_OF_LATEST if LATEST in more else [])
            # Accounts that are there are few: with two processes they run out.
            processes = "1" if GIVEN in more else "2"
            command = [f"{venv}/bin/tempest", "run", "--config-file", f"{work}/tempest.conf", "--regex", tests, "--exclude-regex", "|".join(pattern for pattern, _ in left_out)]
            command += ["--concurrency", processes]
            path = {"PATH": f"{venv}/bin:{os.environ['PATH']}", "HOME": folder, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
            done = subprocess.run(command, cwd=work, env={**os.environ, **QUIET, **path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        finally:
            server.terminate()
            server.wait()
    results = re.findall(r"^\{\d+\} (.+?)(?: \[[\d.]+s\])? \.\.\. (ok|FAILED|SKIPPED)(?:: (.*))?$", done.stdout, re.MULTILINE)
    if not results or os.environ.get("TEMPEST_OUTPUT"):
        print(done.stdout)
    for test, became, _ in results:
        if became == "FAILED":
            print(f"FAIL {name}: {test}")
    return results


def kind(reason):
    return next((why for pattern, why in KINDS if re.search(pattern, reason)), reason)


def tables(runs, found):
    """The tables of the page: how the runs ended, and the reasons for what was skipped."""
    counted = ["| tests | with | passed | skipped | failed |\n", "|---|---|---|---|---|\n"]
    skips = collections.Counter()
    for (name, how, *_), results in zip(runs, found):
        became = collections.Counter(became for _, became, _ in results)
        counted.append(f"| `{name.split('-')[0]}` | {how} | {became['ok']} | {became['SKIPPED']} | {became['FAILED']} |\n")
        skips.update(kind(reason) for _, became, reason in results if became == "SKIPPED")
    reasons = ["| skipped | because |\n", "|---|---|\n"]
    reasons += [f"| {times} | {why} |\n" for why, times in sorted(skips.items(), key=lambda skip: (-skip[1], skip[0]))]
    kept_out = [*LEFT_OUT, *((pattern, f"at the newest version: {why}") for pattern, why in LEFT_OUT_OF_LATEST)]
    left_out = ["| not run | because |\n", "|---|---|\n", *(f"| `{pattern.replace('|', ', ')}` | {why} |\n" for pattern, why in kept_out)]
    return {"runs": counted, "skips": reasons, "left out": left_out}


def main():
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    runs = [row for row in RUNS if not names or row[0] in names]
    venv = install("tempest")
    build()
    found = [run(venv, name, tests, more) for name, _, tests, more in runs]
    made = tables(runs, found)
    failed = not all(found) or any(became == "FAILED" for results in found for _, became, _ in results)
    kept = page = PAGE.read_text(encoding="utf-8")
    for name, lines in made.items():
        page = re.sub(rf"(<!-- table: {name} -->\n).*?(?=\n\n|\Z)", lambda mark: mark[1] + "".join(lines).rstrip("\n"), page, flags=re.DOTALL)
    if names:
        print("".join([*made["runs"], "\n", *made["skips"]]))
    elif page != kept and "--write" in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    elif page != kept:
        sys.stdout.writelines(difflib.unified_diff(kept.splitlines(True), page.splitlines(True), str(PAGE), "what came out"))
        failed = True
    print("FAIL" if failed else f"PASS {sum(map(len, found))} tests of Tempest")
    return failed


if __name__ == "__main__":
    sys.exit(main())
