import pytest

pytest_plugins = ["pytester"]

# A client that does what it is told, for tests of the plugin.
CLIENT = '''
import json, urllib.error, urllib.request, pytest

BOOT = {"name": "vm", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "flavorRef": "1", "networks": "auto"}

class Client:
    def __init__(self, cloud):
        self.cloud, self.url = cloud, cloud.env["OS_AUTH_URL"].removesuffix("/identity")
        user = {"name": cloud.user, "password": cloud.password, "domain": {"name": "Default"}}
        scope = {"project": {"id": cloud.id}}
        identity = {"methods": ["password"], "password": {"user": user}}
        _, headers, _ = self.ask("/identity/v3/auth/tokens", {"auth": {"identity": identity, "scope": scope}}, {})
        self.headers = {"X-Auth-Token": headers["X-Subject-Token"], "OpenStack-API-Version": "compute 2.37"}

    def ask(self, path, body=None, headers=None):
        sent = {"Content-Type": "application/json", **(self.headers if headers is None else headers)}
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(), sent)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def boot(self, **more):
        status, _, body = self.ask("/compute/v2.1/servers", {"server": {**BOOT, **more}})
        return body["server"]["id"] if status == 202 else status

@pytest.fixture
def client(openstack_cloud):
    return Client(openstack_cloud)
'''


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder for tests that take the fixture ``client``; no server is around it."""
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.delenv("MOCKSTACK_URL", raising=False)
    pytester.makeconftest(CLIENT)
    return pytester
