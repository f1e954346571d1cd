# python-novaclient 2.17.0 against the experimental v3 of Icehouse. Its command line cannot boot there: it loses the password
# on the way to its own client for images, so that the boot goes through the library.
. "$(dirname "$0")/steps.sh"
unset OS_USER_DOMAIN_NAME OS_PROJECT_DOMAIN_NAME
nova() { command nova --os-compute-api-version 3 "$@"; }

step authenticate novav3 nova endpoints
step flavors "\\| $flavor " nova flavor-list
step images "\\| $image " nova image-list
step networks "\\| $network " command nova --os-compute-api-version 1.1 network-list
id=$(awk -F'|' -v name="$network" '{gsub(/ /, "", $3); gsub(/ /, "", $2)} $3 == name {print $2}' "$out")
step 'boot to ACTIVE' Finished python - "$image" "$flavor" "$id" "$server" <<'END'
import os
import sys
from novaclient import client

def nova(kind):
    names = ("OS_USERNAME", "OS_PASSWORD", "OS_TENANT_NAME", "OS_AUTH_URL")
    return client.Client("3", *[os.environ[name] for name in names], service_type=kind)

image, flavor, network, server = sys.argv[1:]
compute = nova("computev3")
image = [found for found in nova("image").images.list() if found.name == image][0]
nics = [{"net-id": network, "v4-fixed-ip": "", "port-id": ""}]
booted = compute.servers.create(server, image, compute.flavors.find(name=flavor), nics=nics)
assert compute.servers.get(booted.id).status == "ACTIVE"
print("Finished")
END
nova_life
