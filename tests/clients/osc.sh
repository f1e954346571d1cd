# python-openstackclient: the `openstack` command.
. "$(dirname "$0")/steps.sh"

step authenticate . openstack token issue -f value -c project_id
step flavors "^$flavor\$" openstack flavor list -f value -c Name
step images "^$image\$" openstack image list -f value -c Name
step networks "^$network\$" openstack network list -f value -c Name
step 'boot to ACTIVE' '^ACTIVE$' openstack server create --wait --image "$image" --flavor "$flavor" --network "$network" \
  --property client=osc "$server" -f value -c status
step show '^ACTIVE$' openstack server show "$server" -f value -c status
step list "^$server ACTIVE\$" openstack server list -f value -c Name -c Status
step stop '' openstack server stop "$server"
until_step SHUTOFF '^SHUTOFF$' openstack server show "$server" -f value -c status
step start '' openstack server start "$server"
until_step ACTIVE '^ACTIVE$' openstack server show "$server" -f value -c status
step delete '' openstack server delete --wait "$server"
gone openstack server show "$server"
