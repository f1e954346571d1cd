"""openstacksdk, its proxies: conn.compute, conn.image, conn.network."""
import openstack
from steps import FLAVOR, IMAGE, NETWORK, SERVER, step

conn = openstack.connect()
compute = conn.compute

with step("authenticate"):
    assert conn.authorize()
with step("flavors"):
    assert FLAVOR in [flavor.name for flavor in compute.flavors()]
with step("images"):
    assert IMAGE in [image.name for image in conn.image.images()]
with step("networks"):
    assert NETWORK in [network.name for network in conn.network.networks()]
with step("boot"):
    server = compute.create_server(
        name=SERVER,
        flavor_id=compute.find_flavor(FLAVOR, ignore_missing=False).id,
        image_id=conn.image.find_image(IMAGE, ignore_missing=False).id,
        networks=[{"uuid": conn.network.find_network(NETWORK, ignore_missing=False).id}],
        metadata={"client": "sdk-proxy"},
    )
with step("ACTIVE"):
    server = compute.wait_for_server(server, wait=60, interval=1)
with step("show"):
    assert compute.get_server(server.id).status == "ACTIVE"
    assert compute.find_server(SERVER, ignore_missing=False).id == server.id
with step("list"):
    assert SERVER in [each.name for each in compute.servers()]
with step("stop"):
    compute.stop_server(server)
    compute.wait_for_server(server, status="SHUTOFF", wait=60, interval=1)
with step("start"):
    compute.start_server(server)
    compute.wait_for_server(server, wait=60, interval=1)
with step("delete"):
    compute.delete_server(server, ignore_missing=False)
    compute.wait_for_delete(server, wait=60, interval=1)
with step("gone"):
    assert compute.find_server(SERVER) is None
