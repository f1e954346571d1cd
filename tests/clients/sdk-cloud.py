"""openstacksdk, its cloud layer: what once was shade. The cloud comes from the clouds.yaml that `mockstack run` writes."""
import openstack
from steps import FLAVOR, IMAGE, NETWORK, SERVER, step, until

conn = openstack.connect(cloud="mockstack")


def status():
    return conn.get_server_by_id(server.id).status


with step("authenticate"):
    assert conn.authorize() and conn.current_project_id
with step("flavors"):
    assert FLAVOR in [flavor.name for flavor in conn.list_flavors()]
with step("images"):
    assert IMAGE in [image.name for image in conn.list_images()]
with step("networks"):
    assert NETWORK in [network.name for network in conn.list_networks()]
with step("boot to ACTIVE"):
    server = conn.create_server(
        SERVER, image=IMAGE, flavor=FLAVOR, network=NETWORK, meta={"client": "sdk-cloud"}, auto_ip=False, wait=True, timeout=60
    )
    assert server.status == "ACTIVE", server.status
with step("show"):
    server = conn.get_server(SERVER)
    assert server.addresses and server.private_v4, server.addresses
with step("list"):
    assert SERVER in [each.name for each in conn.list_servers()]
with step("stop"):
    conn.compute.stop_server(server.id)
    until(status, "SHUTOFF")
with step("start"):
    conn.compute.start_server(server.id)
    until(status, "ACTIVE")
with step("delete"):
    assert conn.delete_server(SERVER, wait=True, timeout=60)
with step("gone"):
    assert conn.get_server(SERVER) is None
