"""What fails a test, and how that is told."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

SAMPLE = Path(__file__).parent.parent / "suite"

TAGS = """

def test_tags(connection):
    with pytest.raises(HttpException):
        tags_too_early(connection)
"""


def test_of_forty_tests_the_one_that_sends_tags_too_early_fails(suite):
    """In four processes on one server, and every report has its file and line."""
    for own in SAMPLE.iterdir():
        if own.is_file():
            shutil.copy(own, suite.path)
    (suite.path / "conftest.py").write_text("")
    tests = suite.path / "test_servers.py"
    text = tests.read_text()
    tests.write_text(text + TAGS)
    line = text.count("\n") + 3
    serve = " ".join(f"--report {own}={{release}}.{own}" for own in ("junit", "sarif", "github"))
    result = suite.runpytest_subprocess("-n", "4", f"--mockstack-serve={serve}", "-W", "ignore")

    result.assert_outcomes(passed=40, failed=1)
    result.stdout.fnmatch_lines([
        "mockstack: 1 request broke its contract",
        "POST /compute/v2.1/servers   compute.servers.create   microversion 2.37",
        "  /server/tags   not yet: lives in 2.52.., you sent 2.37",
        "*- mockstack verdict -*",
        "  /server/tags   not yet: lives in 2.52.., you sent 2.37",
        f"  test           test_servers.py::test_tags (test_servers.py:{line}), *",
        "verdict       violation (exit code 40)",
        "FAILED test_servers.py::test_tags *",
    ])  # fmt: skip
    cases = [own for own in ElementTree.parse(suite.path / "default.junit").iter("testcase") if own.get("file") == "test_servers.py"]
    failed = [(own.get("name"), own.get("line")) for own in cases if own.find("failure") is not None]
    assert failed == [("test_servers.py::test_tags", str(line))]
    results = json.loads((suite.path / "default.sarif").read_text())["runs"][0]["results"]
    [found] = [own for own in results if own["level"] == "error"]
    place = found["locations"][0]["physicalLocation"]
    assert (found["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("not-yet", "test_servers.py", line)
    assert f"::error file=test_servers.py,line={line},title=mockstack%3A not-yet::" in (suite.path / "default.github").read_text()


def test_each_reason_fails_the_test_that_it_belongs_to(suite):
    suite.makepyfile(
        """
        import pytest

        def test_right(client):
            client.boot()

        def test_wrong(client):
            assert client.boot(tags=["web"]) == 400

        def test_wrong_and_red(client):
            assert client.boot(tags=["web"]) == 202

        def test_nothing_asked(openstack_cloud):
            pass

        def test_not_run(client):
            pytest.skip()

        @pytest.mark.xfail(strict=True)
        def test_known_to_be_wrong(client):
            client.boot(tags=["web"])

        @pytest.fixture
        def late(client):
            yield client
            client.boot(tags=["web"])

        def test_wrong_after_the_test(late):
            late.boot()

        @pytest.mark.mockstack(faults=["boot-503", {"fault": "delete-500", "times": 2}])
        def test_fault_that_never_happens(client):
            assert client.boot() == 503
        """
    )
    result = suite.runpytest_subprocess("-rA")
    result.assert_outcomes(passed=2, failed=4, errors=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines_random([
        "FAILED *::test_wrong - Failed: mockstack: 1 request broke its contract",
        "FAILED *::test_wrong_and_red - *assert 400 == 202",
        "FAILED *::test_nothing_asked - Failed: mockstack: *",
        "ERROR *::test_wrong_after_the_test - Failed: mockstack: 1 request broke its contract",
        "FAILED *::test_fault_that_never_happens - Failed: mockstack: *delete-500*",
    ])  # fmt: skip
    told = result.stdout.str().split("_ test_wrong_and_red _")[1]
    assert "not yet: lives in 2.52.., you sent 2.37" in told, "a test that fails by itself is explained"


def test_what_a_marker_allows_and_expects(suite):
    suite.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.mockstack(allow="not-yet")

        def test_allowed(client):
            client.boot(tags=["web"])

        @pytest.mark.mockstack(expect="not-yet@compute.servers.create")
        def test_expected(client):
            client.boot(tags=["web"])

        @pytest.mark.mockstack(expect=["not-yet@compute.servers.create"])
        def test_expected_in_vain(client):
            client.boot()

        @pytest.mark.mockstack(allow=[])
        def test_the_closest_marker_wins(client):
            client.boot(tags=["web"])
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["FAILED *::test_expected_in_vain - *", "FAILED *::test_the_closest_marker_wins - *"])


def test_what_belongs_to_no_test_fails_the_session(suite):
    suite.makepyfile(
        """
        def test_stray(client):
            client.boot()
            client.ask("/nowhere", headers={})
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*mockstack: outside of all tests*", "*/nowhere*"])


def test_a_wrong_marker_is_told_where_it_is(suite):
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.mockstack(relaese="train")
        def test_misspelled(client):
            client.boot()
        """
    )
    result = suite.runpytest_subprocess()
    result.stdout.fnmatch_lines(["*::test_misspelled: the marker mockstack takes *release=*and no relaese*"])
    assert result.ret != 0
