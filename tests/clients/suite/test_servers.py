"""Forty tests, each in a cloud of its own. One of them sends a field that its microversion does not have yet."""
import pytest


def boot(cloud, **more):
    image, flavor, network = next(cloud.image.images()), next(cloud.compute.flavors()), next(cloud.network.networks())
    body = {"name": "vm", "imageRef": image.id, "flavorRef": flavor.id, "networks": [{"uuid": network.id}], **more}
    version = {"OpenStack-API-Version": "compute 2.37"}
    return cloud.session.post("/servers", json={"server": body}, headers=version, raise_exc=False,
                              endpoint_filter={"service_type": "compute"})


@pytest.mark.parametrize("number", range(39))
def test_boot(cloud, number):
    assert not list(cloud.compute.servers()), "nobody else's server is here"
    assert boot(cloud).status_code == 202
    assert [server.name for server in cloud.compute.servers()] == ["vm"]


def test_tags(cloud):
    boot(cloud, tags=["web"])
