"""Forty tests of an application that boots servers, each in a cloud of its own."""

import os
import subprocess
import sys

import pytest
from openstack.exceptions import ConflictException, ForbiddenException, HttpException, NotFoundException, ResourceFailure

# What the application names its servers.
NAMES = [f"web{number}" for number in range(11)] + [f"db{number}" for number in range(8)]


@pytest.fixture
def connection(openstack_cloud):
    return openstack_cloud.connection()


def boot(connection, name="vm", **more):
    """As an application does: by the names of image, flavor and network."""
    image = connection.image.find_image("cirros", ignore_missing=False)
    flavor = connection.compute.find_flavor("m1.tiny", ignore_missing=False)
    network = connection.network.find_network("private", ignore_missing=False)
    own = {"name": name, "image_id": image.id, "flavor_id": flavor.id, "networks": [{"uuid": network.id}], **more}
    return connection.compute.wait_for_server(connection.compute.create_server(**own), interval=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_each_server_is_alone_in_its_cloud(connection, openstack_cloud, name):
    assert not list(connection.compute.servers()), "a server of another test is here"
    assert boot(connection, name).status == "ACTIVE"
    assert [server["name"] for server in openstack_cloud.state()["servers"]] == [name]


@pytest.mark.parametrize("action, status", [("stop_server", "SHUTOFF"), ("suspend_server", "SUSPENDED"), ("pause_server", "PAUSED")])
def test_actions(connection, action, status):
    server = boot(connection)
    getattr(connection.compute, action)(server)
    assert connection.compute.wait_for_server(server, status=status, interval=0.01).status == status


@pytest.mark.parametrize("kind", ["SOFT", "HARD"])
def test_reboot(connection, kind):
    server = boot(connection)
    connection.compute.reboot_server(server, kind)
    assert connection.compute.wait_for_server(server, interval=0.01).status == "ACTIVE"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_metadata(connection, count):
    server = boot(connection, metadata={f"key{number}": "value" for number in range(count)})
    assert len(connection.compute.get_server_metadata(server).metadata) == count


@pytest.mark.parametrize("size", [1, 10])
def test_volumes(connection, size):
    server, volume = boot(connection), connection.block_storage.create_volume(size=size, name="data")
    connection.block_storage.wait_for_status(volume, "available", interval=0.01)
    connection.compute.create_volume_attachment(server, volume_id=volume.id)
    assert connection.block_storage.get_volume(volume).status == "in-use"


def test_deleted_server_is_gone(connection):
    server = boot(connection)
    connection.compute.delete_server(server)
    connection.compute.wait_for_delete(server, interval=0.01)
    with pytest.raises(NotFoundException):
        connection.compute.get_server(server)


def test_key_pair(connection):
    connection.compute.create_keypair(name="own")
    assert boot(connection, key_name="own").key_name == "own"


def test_key_pair_that_is_there(connection):
    connection.compute.create_keypair(name="own")
    with pytest.raises(ConflictException):
        connection.compute.create_keypair(name="own")


@pytest.mark.mockstack(fixtures={"quotas": {"instances": 1}})
def test_quota(connection):
    boot(connection)
    with pytest.raises(ForbiddenException, match="Quota exceeded for instances"):
        boot(connection, "second")


@pytest.mark.mockstack(fixtures="slow.yaml")
def test_slow_boot(connection, openstack_cloud):
    boot(connection)
    shown = [asked for asked in openstack_cloud.requests() if asked["operation"] == "compute.servers.show"]
    assert len(shown) > 2, "the server was not polled until it was ACTIVE"


@pytest.mark.mockstack(faults="no-valid-host")
def test_no_valid_host(connection):
    with pytest.raises(ResourceFailure, match="ERROR"):
        boot(connection)


def test_boot_fails_once(connection, openstack_cloud):
    openstack_cloud.fault("boot-500")
    with pytest.raises(HttpException):
        boot(connection)
    assert boot(connection).status == "ACTIVE"


@pytest.mark.mockstack(expect="not-yet@compute.servers.create")
def test_tags_are_refused_before_2_52(connection):
    with pytest.raises(HttpException, match="Additional properties are not allowed"):
        tags_too_early(connection)


@pytest.mark.mockstack(release="train")
def test_train(connection, mockstack):
    assert mockstack.release == "train"
    assert connection.compute.get_endpoint_data().max_microversion == (2, 79)


def test_token_ends(connection, openstack_cloud):
    boot(connection)
    openstack_cloud.advance(90_000)
    assert len(list(connection.compute.servers())) == 1
    logins = [asked for asked in openstack_cloud.requests() if asked["operation"] == "identity.tokens.create"]
    assert len(logins) == 2


def test_another_program(openstack_cloud):
    program = "import openstack; openstack.connect().compute.create_keypair(name='own')"
    subprocess.run([sys.executable, "-c", program], env={**os.environ, **openstack_cloud.env}, check=True)
    assert "own" in [key["name"] for key in openstack_cloud.state()["keypairs"]]


def tags_too_early(connection):
    """What a client sends that does not look at the version."""
    image = connection.image.find_image("cirros")
    body = {"name": "vm", "imageRef": image.id, "flavorRef": "1", "networks": "auto", "tags": ["web"]}
    answer = connection.compute.post("/servers", json={"server": body}, microversion="2.37")
    if not answer.ok:
        raise HttpException(answer.json()["badRequest"]["message"])
