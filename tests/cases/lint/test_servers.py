"""Literals of Python: what is whole, what is a part, what is meant to be wrong."""

SERVER = {
    "server": {
        "id": "5c1d3a1e-2f6b-4a51-8f0e-0c1d2e3f4a5b",
        "name": f"web-{NUMBER}",
        "status": "ACTIVE",
        "tenant_id": PROJECT,
        "user_id": USER,
        "metadata": {},
        "hostId": "",
        "image": {"id": IMAGE, "links": []},
        "flavor": {"id": "1", "links": []},
        "created": "2026-11-30T12:00:00Z",
        "updated": "2026-11-30T12:00:05Z",
        "addresses": {},
        "accessIPv4": "",
        "accessIPv6": "",
        "links": [],
        "key_name": None,
        "config_drive": "",
        "OS-DCF:diskConfig": "AUTO",
        "OS-EXT-AZ:availability_zone": "nova",
        "OS-EXT-STS:power_state": 1,
        "OS-EXT-STS:task_state": None,
        "OS-EXT-STS:vm_state": "active",
        "OS-SRV-USG:launched_at": None,
        "OS-SRV-USG:terminated_at": None,
        "os-extended-volumes:volumes_attached": [],
        "tags": [],
    }
}

PART = {"server": {"id": "5c1d3a1e-2f6b-4a51-8f0e-0c1d2e3f4a5b", "name": "web-1", "tags": []}}


class TestServers(TestCase):
    def test_boot(self):
        body = dict(server=dict(name="web-1", flavorRef="1", imageRef=IMAGE, hostname="web-1", **more))
        self.boot(body)
        self.boot({"server": {"name": "web-1", "flavorRef": "1", "imageRef": IMAGE, "hostname": "web-1"}})

    def test_networks_come_later(self):
        body = {"server": {"name": "web-1", "flavorRef": "1", "imageRef": IMAGE, "hostname": "web-1"}}
        body["server"]["networks"] = "none"
        self.boot(body)

    def test_boot_is_refused(self):
        body = {"server": {"name": "web-1", "flavorRef": "1", "imageRef": IMAGE, "host_name": "web-1"}}
        self.assertRaises(exceptions.BadRequest, self.boot, body)

    def test_evacuate(self):
        self.post("/servers/1/action", {"evacuate": {"host": "b", "onSharedStorage": False, "force": True}})
