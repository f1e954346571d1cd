"""One line a step; the first that fails ends the client."""
import contextlib
import time

IMAGE, FLAVOR, NETWORK, SERVER = "cirros", "m1.tiny", "private", "vm1"


@contextlib.contextmanager
def step(name):
    try:
        yield
    except BaseException:
        print(f"FAIL {name}", flush=True)
        raise
    print(f"ok   {name}", flush=True)


def until(look, wanted):
    for _ in range(60):
        if look() == wanted:
            return
        time.sleep(0.5)
    raise TimeoutError(f"still {look()!r}, not {wanted!r}")
