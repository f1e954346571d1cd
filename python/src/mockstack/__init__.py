"""A fake OpenStack cloud for tests. It judges every request by the contract of the exact API version that it was sent under.

With pytest nothing has to be imported: a test takes the fixture ``openstack_cloud``. Elsewhere::

    import mockstack

    with mockstack.start() as server, server.project() as cloud:
        run_client(env={**os.environ, **cloud.env})
        cloud.assert_clean()
"""

from ._binary import find_binary
from ._cloud import Cloud, Complaint, Reason, Verdict
from ._server import Server, join, releases, start
from ._wire import MockstackError

__all__ = [
    "Cloud", "Complaint", "MockstackError", "Reason", "Server", "Verdict", "find_binary", "join", "releases", "start",
]
