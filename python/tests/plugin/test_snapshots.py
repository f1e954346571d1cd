"""Snapshots of what each test asks."""


def test_of_each_test(suite):
    boot = """
        import pytest

        @pytest.mark.parametrize("name", ["one", "two"])
        def test_boot(client, name):
            client.boot(name=name)
        """
    suite.makepyfile(boot)
    options = ("--mockstack-snapshots", "shots", "-n", "2")

    missing = suite.runpytest_subprocess(*options)
    missing.assert_outcomes(passed=2, errors=2)
    missing.stdout.fnmatch_lines_random(['*"name": "one"*', '*"name": "two"*'])

    suite.runpytest_subprocess(*options, "--mockstack-update").assert_outcomes(passed=2)
    kept = [own.parent.name for own in suite.path.glob("shots/**/compute.servers.create@1.snap")]
    assert sorted(name.split("test_boot")[-1] for name in kept) == ["[one]", "[two]"], kept
    suite.runpytest_subprocess(*options).assert_outcomes(passed=2)
    suite.runpytest_subprocess(*options, "-k", "one").assert_outcomes(passed=1)

    suite.makepyfile(boot.replace("name=name", "name=name, metadata={'own': name}"))
    changed = suite.runpytest_subprocess(*options)
    changed.assert_outcomes(passed=2, errors=2)
    changed.stdout.fnmatch_lines(['+*"own": "*'])
    suite.runpytest_subprocess(*options, "--mockstack-update").assert_outcomes(passed=2)
    suite.runpytest_subprocess(*options).assert_outcomes(passed=2)
