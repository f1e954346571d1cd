"""Which servers there are, and how long."""

import os
import subprocess
import sys
import time

import mockstack
import pytest

URLS = """
    import pathlib, pytest

    @pytest.mark.parametrize("number", range(8))
    def test_boot(client, mockstack, number, request):
        own = pathlib.Path(f"{request.node.name}.told")
        own.write_text(f"{mockstack.release} {mockstack.url.rsplit(':')[-1]} {client.boot()}")
"""


def told(suite: pytest.Pytester) -> dict[str, list[str]]:
    return {own.name: own.read_text().split() for own in suite.path.glob("*.told")}


def test_one_server_for_all_processes_and_the_same_ids_in_any_order(suite):
    suite.makepyfile(URLS)
    suite.runpytest_subprocess("-n", "4").assert_outcomes(passed=8)
    parallel = told(suite)
    assert len({url for _, url, _ in parallel.values()}) == 1
    suite.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=8)
    alone = told(suite)
    assert {name: id for name, (_, _, id) in parallel.items()} == {name: id for name, (_, _, id) in alone.items()}
    assert len({id for _, _, id in alone.values()}) == 8


def test_each_release_has_a_server(suite):
    suite.makepyfile(
        URLS
        + """
    @pytest.mark.mockstack(release="2017.2")
    def test_pike(client, mockstack):
        assert mockstack.release == "pike"
        client.boot()
"""
    )
    result = suite.runpytest_subprocess("-n", "2", "--mockstack-release", "train..ussuri", "-v")
    result.assert_outcomes(passed=17)
    assert len({(release, url) for release, url, _ in told(suite).values()}) == 2
    result.stdout.fnmatch_lines_random(["*::test_boot?train-0?*", "*::test_boot?ussuri-7?*", "*::test_pike?pike?*"])


def test_an_unknown_release_is_refused(suite):
    suite.makepyfile(URLS)
    result = suite.runpytest_subprocess("--mockstack-release", "trian")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*train*"])


def test_who_needs_no_cloud_starts_none(suite, monkeypatch):
    monkeypatch.setenv("MOCKSTACK_BIN", "/nowhere")
    suite.makepyfile("def test_other(): pass", test_clouds="def test_boot(client): client.boot()")
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*MOCKSTACK_BIN is not a program: /nowhere*"])


def test_the_run_around_the_tests_is_joined(suite):
    suite.makepyfile(URLS.replace("client.boot()", "client.boot(tags=['web'])"))
    inner = [sys.executable, "-m", "pytest", "-n", "2"]
    ran = subprocess.run([mockstack.find_binary(), "run", "--", *inner], cwd=suite.path, capture_output=True, text=True)
    assert ran.returncode == 1, "the command's own code"
    assert "8 failed" in ran.stdout
    assert "fails         8 requests broke their contract" in ran.stderr
    assert len({url for _, url, _ in told(suite).values()}) == 1


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_server_ends_with_a_session_that_is_killed(suite, processes):
    suite.makepyfile(URLS.replace("client.boot()", "1") + "        import time; time.sleep(60)\n")
    session = subprocess.Popen([sys.executable, "-m", "pytest", "-n", processes], cwd=suite.path, process_group=0)
    url = None
    for _ in range(600):
        time.sleep(0.05)
        ports = [port for _, port, *_ in told(suite).values()]
        if ports:
            url = f"http://127.0.0.1:{ports[0]}"
            break
    assert url, "no test began"
    mockstack.join(url)
    session.kill()
    session.wait()
    for _ in range(200):
        time.sleep(0.05)
        try:
            mockstack.join(url)
        except mockstack.MockstackError:
            break
    else:
        pytest.fail("the server is still there")
    os.killpg(session.pid, 9) if processes != "0" else None


def test_another_version_is_not_joined(suite, monkeypatch):
    suite.makepyfile(URLS)
    suite.makeconftest("import mockstack._server\nmockstack._server.version = lambda: '0.0.1'\n" + (suite.path / "conftest.py").read_text())
    result = suite.runpytest_subprocess()
    result.assert_outcomes(errors=8)
    result.stdout.fnmatch_lines(["*is mockstack *, but this package is 0.0.1*"])
