# python-novaclient 2.17.0 against Icehouse: Keystone v2.0 and Nova v2, images and networks through Nova.
. "$(dirname "$0")/steps.sh"
unset OS_USER_DOMAIN_NAME OS_PROJECT_DOMAIN_NAME
# It looks for no versions: the address must name the one that it speaks.
export OS_AUTH_URL=${OS_AUTH_URL%/v2.0}/v2.0
nova() { command nova --os-compute-api-version 1.1 "$@"; }

step authenticate nova nova endpoints
step flavors "\\| $flavor " nova flavor-list
step images "\\| $image " nova image-list
step networks "\\| $network " nova network-list
id=$(awk -F'|' -v name="$network" '{gsub(/ /, "", $3); gsub(/ /, "", $2)} $3 == name {print $2}' "$out")
step 'boot to ACTIVE' Finished nova boot --poll --image "$image" --flavor "$flavor" --nic "net-id=$id" --meta client=novaclient "$server"
nova_life
