"""A cloud of its own for each test, on the server at MOCKSTACK_URL."""
import json, os, urllib.request, openstack, pytest

def ask(method, route, **body):
    url, data = f"{os.environ['MOCKSTACK_URL']}/__mockstack/{route}", json.dumps(body).encode()
    return json.load(urllib.request.urlopen(urllib.request.Request(url, data, method=method)))

@pytest.fixture
def cloud(request):
    made = ask("POST", "projects", test=request.node.nodeid, file=request.node.location[0], line=request.node.location[1] + 1)
    yield openstack.connect(**json.loads(made["clouds_yaml"])["clouds"]["mockstack"])
    verdict = ask("DELETE", f"projects/{made['name']}")
    assert not verdict["exit_code"], "\n".join(own["text"] for own in verdict["complaints"] + verdict["reasons"])
