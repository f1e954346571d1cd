package mockstack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recorder is a test that fails without failing this one.
type recorder struct {
	testing.TB
	name     string
	told     string
	cleanups []func()
}

func (r *recorder) Name() string                      { return r.name }
func (r *recorder) Helper()                           {}
func (r *recorder) Skipped() bool                     { return false }
func (r *recorder) Cleanup(last func())               { r.cleanups = append(r.cleanups, last) }
func (r *recorder) Error(args ...any)                 { r.told += fmt.Sprintln(args...) }
func (r *recorder) Errorf(format string, args ...any) { r.told += fmt.Sprintf(format, args...) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); panic(r) }

// told is what a test is told that does so.
func told(name string, do func(t testing.TB)) string {
	own := &recorder{name: name}
	func() {
		defer func() {
			if caught := recover(); caught != nil && caught != own {
				panic(caught)
			}
		}()
		do(own)
	}()
	for i := len(own.cleanups) - 1; i >= 0; i-- {
		own.cleanups[i]()
	}
	return own.told
}

// session logs in, and asks; the second value is the id of what it made.
func session(t testing.TB, project *Project) func(body string) (int, string) {
	base := strings.TrimSuffix(project.Env["OS_AUTH_URL"], "/identity")
	send := func(path, body string, headers map[string]string) *http.Response {
		request, _ := http.NewRequest("POST", base+path, bytes.NewBufferString(body))
		request.Header.Set("Content-Type", "application/json")
		for key, value := range headers {
			request.Header.Set(key, value)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	login := `{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": %q, "password": %q, "domain": {"id": "default"}}}},
		"scope": {"project": {"id": %q}}}}`
	token := send("/identity/v3/auth/tokens", fmt.Sprintf(login, project.User, project.Password, project.ID), nil).Header.Get("X-Subject-Token")
	return func(more string) (int, string) {
		const server = `{"server": {"name": "vm", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "flavorRef": "1", "networks": "auto"%s}}`
		headers := map[string]string{"X-Auth-Token": token, "OpenStack-API-Version": "compute 2.37"}
		response := send("/compute/v2.1/servers", fmt.Sprintf(server, more), headers)
		defer response.Body.Close()
		var made struct{ Server struct{ ID string } }
		_ = json.NewDecoder(response.Body).Decode(&made)
		return response.StatusCode, made.Server.ID
	}
}

const tags = `, "tags": ["web"]`

func TestProjectsAreAlone(t *testing.T) {
	cloud := Start(t)
	for number := 0; number < 8; number++ {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			project := cloud.Project(t)
			if status, _ := session(t, project)(""); status != 202 {
				t.Fatal(status)
			}
			if servers := project.State()["servers"]; len(servers) != 1 || servers[0].Name != "vm" {
				t.Fatal(servers)
			}
		})
	}
}

func TestATestFailsIfARequestIsWrong(t *testing.T) {
	t.Parallel()
	own := told("TestTags", func(t testing.TB) { session(t, Shared(t).Project(t))(tags) })
	for _, line := range []string{"/server/tags   not yet: lives in 2.52.., you sent 2.37", "  test           TestTags (", "mockstack_test.go:"} {
		if !strings.Contains(own, line) {
			t.Errorf("no %q in:\n%s", line, own)
		}
	}
	for name, wanted := range map[string]Wanted{
		"allowed":  {Allow: []string{"not-yet"}},
		"expected": {Expect: []string{"not-yet@compute.servers.create"}},
	} {
		if own := told(name, func(t testing.TB) { session(t, Shared(t).Project(t, wanted))(tags) }); own != "" {
			t.Errorf("%s: %s", name, own)
		}
	}
	inVain := Wanted{Expect: []string{"not-yet"}, Faults: []any{"delete-500"}}
	own = told("inVain", func(t testing.TB) { session(t, Shared(t).Project(t, inVain))("") })
	if !strings.Contains(own, "expected not-yet, which did not happen") || !strings.Contains(own, "delete-500@compute.servers.delete never happened") {
		t.Error(own)
	}
}

func TestWhatIsWanted(t *testing.T) {
	t.Parallel()
	project := Shared(t, "--release", "train").Project(t, Wanted{
		Fixtures: []any{"boot: {seconds: 100}"}, Quotas: map[string]int{"instances": 1},
		Faults: []any{map[string]any{"fault": "boot-500", "times": 1}},
	})
	boot := session(t, project)
	var statuses []int
	for range [3]int{} {
		status, _ := boot("")
		statuses = append(statuses, status)
	}
	if fmt.Sprint(statuses) != "[500 202 403]" {
		t.Error(statuses)
	}
	project.Advance(25 * time.Hour)
	if status, _ := boot(""); status != 401 {
		t.Error("the token has not ended:", status)
	}
	if verdict := project.Verdict(); verdict.Requests != 5 || verdict.ExitCode != 0 {
		t.Error(verdict)
	}
}

func TestTheSameTestHasTheSameIds(t *testing.T) {
	var ids [2]string
	for run := range ids {
		ids[run] = func() (id string) {
			told("TestX", func(t testing.TB) { _, id = session(t, Start(t).Project(t))("") })
			return id
		}()
	}
	if ids[0] != ids[1] || ids[0] == "" {
		t.Error(ids)
	}
}

func TestWhatIsOutsideOfAllProjectsFailsTheTestOfTheServer(t *testing.T) {
	own := told("TestStray", func(t testing.TB) {
		cloud := Start(t)
		if _, err := http.Get(cloud.URL + "/nowhere"); err != nil {
			t.Fatal(err)
		}
	})
	if os.Getenv("MOCKSTACK_URL") == "" && !strings.Contains(own, "/nowhere") {
		t.Error(own)
	}
}

func TestAnotherVersionAndNoProgramAreRefused(t *testing.T) {
	t.Setenv("MOCKSTACK_URL", "")
	t.Setenv("MOCKSTACK_BIN", "")
	t.Setenv("PATH", t.TempDir())
	if own := told("none", func(t testing.TB) { Start(t) }); !strings.Contains(own, "neither in MOCKSTACK_BIN nor in PATH") {
		t.Error(own)
	}
	other := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(to, `{"mockstack": "0.0.1", "release": "train"}`)
	}))
	defer other.Close()
	t.Setenv("MOCKSTACK_URL", other.URL)
	if own := told("other", func(t testing.TB) { Start(t) }); !strings.Contains(own, "is mockstack 0.0.1, but this package is "+Version) {
		t.Error(own)
	}
}

// The tests of this file again, inside of a run: they join it.
func TestTheRunAroundTheTestsIsJoined(t *testing.T) {
	if os.Getenv("MOCKSTACK_URL") != "" {
		t.Skip("this is that run")
	}
	binary, err := find()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report")
	inner := []string{"run", "--report", "json=" + file, "--", os.Args[0], "-test.run", "TestProjectsAreAlone"}
	if out, err := exec.Command(binary, inner...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Tests []struct{ Name string } }
	if err := json.Unmarshal(text, &report); err != nil || len(report.Tests) != 8 {
		t.Errorf("%v, %d tests", err, len(report.Tests))
	}
}
