# python-novaclient: the `nova` command, at the newest microversion that both sides know. It has no commands of its own for
# images and networks; `boot` looks both up by name.
. "$(dirname "$0")/steps.sh"

step authenticate '\| v2\.1 ' nova version-list
step flavors "\\| $flavor " nova flavor-list
step 'boot to ACTIVE' Finished nova boot --poll --image "$image" --flavor "$flavor" --nic "net-name=$network" \
  --meta client=novaclient "$server"
nova_life
