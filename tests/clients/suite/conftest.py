"""A cloud of its own for each test, on the server at MOCKSTACK."""
import json, os, urllib.request, openstack, pytest

def ask(method, route, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{os.environ['MOCKSTACK']}/__mockstack/{route}", data, method=method)
    return json.loads(urllib.request.urlopen(request).read() or "null")

@pytest.fixture
def cloud(request):
    made = ask("POST", "projects", {})
    file, line, _ = request.node.location
    ask("POST", "label", {"project": made["name"], "test": request.node.nodeid, "file": file, "line": line + 1})
    auth = json.loads(made["clouds_yaml"])["clouds"]["mockstack"]
    yield openstack.connect(**auth)
    verdict = ask("DELETE", f"projects/{made['name']}")
    assert verdict["exit_code"] == 0, "\n".join(own["text"] for own in verdict["complaints"])
