package mockstack

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"runtime"
	"testing"
	"time"
)

// Wanted says what a project is like, and what its verdict allows. All of it is optional.
type Wanted struct {
	// Fixtures lie over that of the server: texts in YAML, or values that become objects.
	Fixtures []any
	// Quotas are by the names that fixtures have: instances, cores …
	Quotas map[string]int
	// Faults have something go wrong: names of the catalogue, or rows of docs/faults.md.
	Faults []any
	// Allow has CODE or CODE@OPERATION that does not fail the test.
	Allow []string
	// Expect has the same; the test fails if it does not happen.
	Expect []string
	// EnvFor is the client of Env; gophercloud by default, "-" for all others.
	EnvFor string
}

// Project is a project with a cloud of its own.
type Project struct {
	// Name is the name of the project and of its user.
	Name string
	// ID is the id of the project.
	ID string
	// User and Password log in to it.
	User, Password string
	// Env has the variables of an openrc.
	Env map[string]string
	// CloudsYAML is the text of a clouds.yaml with the cloud mockstack.
	CloudsYAML string `json:"clouds_yaml"`

	cloud *Cloud
	t     testing.TB
}

// Resource is a line of what a cloud holds.
type Resource struct{ ID, Name, Status, Project string }

// Verdict is what requests came to.
type Verdict struct {
	Verdict  string
	ExitCode int `json:"exit_code"`
	Requests int
	Accepted int
	Reasons  []struct{ Name, Text string }
	// Complaints tell what is wrong with requests.
	Complaints []struct {
		Operation, Text string
		Test            *string
		Fails           bool
	}
}

// Project makes a project for t. It goes when t ends; t fails unless its verdict is clean.
func (cloud *Cloud) Project(t testing.TB, wanted ...Wanted) *Project {
	t.Helper()
	own := Wanted{}
	for _, one := range wanted {
		own = one
	}
	body := map[string]any{"env_for": "gophercloud"}
	if own.EnvFor == "-" {
		delete(body, "env_for")
	} else if own.EnvFor != "" {
		body["env_for"] = own.EnvFor
	}
	if own.Fixtures != nil {
		body["fixtures"] = own.Fixtures
	}
	if own.Quotas != nil {
		body["quotas"] = own.Quotas
	}
	project := &Project{cloud: cloud, t: t}
	body["name"] = project.freeName()
	project.must("POST", "projects", body, project)
	t.Cleanup(project.close)
	_, file, line, _ := runtime.Caller(1)
	label := map[string]any{"project": project.Name, "test": t.Name(), "file": file, "line": line}
	if own.Allow != nil {
		label["allow"] = own.Allow
	}
	if own.Expect != nil {
		label["expect"] = own.Expect
	}
	project.must("POST", "label", label, nil)
	for _, fault := range own.Faults {
		project.Fault(fault)
	}
	return project
}

// Setenv sets the variables of Env for the rest of the test, which cannot be parallel.
func (project *Project) Setenv() {
	project.t.Helper()
	for key, value := range project.Env {
		project.t.Setenv(key, value)
	}
}

// State tells what the cloud holds, by collection: servers, images, ports …
func (project *Project) State() map[string][]Resource {
	project.t.Helper()
	state := map[string][]Resource{}
	project.must("GET", "state?project="+project.ID, nil, &state)
	return state
}

// Fault has something go wrong from now on: the name of a fault of the catalogue, or a row of docs/faults.md.
func (project *Project) Fault(fault any) {
	project.t.Helper()
	row := map[string]any{"project": project.Name}
	switch fault := fault.(type) {
	case string:
		row["fault"] = fault
	case map[string]any:
		for key, value := range fault {
			row[key] = value
		}
	default:
		project.t.Fatalf("a fault is a string or a map[string]any, not a %T", fault)
	}
	project.must("POST", "faults", row, nil)
}

// Advance sets the clock of the cloud ahead: tokens end, builds are done.
func (project *Project) Advance(by time.Duration) {
	project.t.Helper()
	project.must("POST", "clock?project="+project.ID, map[string]any{"advance": by.Seconds()}, nil)
}

// Verdict is what its requests came to so far.
func (project *Project) Verdict() Verdict {
	project.t.Helper()
	verdict := Verdict{}
	project.must("GET", "projects/"+project.ID, nil, &verdict)
	return verdict
}

// Report is the same as a text.
func (project *Project) Report() string {
	project.t.Helper()
	var report string
	project.must("GET", "projects/"+project.ID+"?format=text", nil, &report)
	return report
}

func (project *Project) close() {
	t := project.t
	t.Helper()
	report := project.Report()
	verdict := Verdict{}
	project.must("DELETE", "projects/"+project.ID, nil, &verdict)
	if verdict.ExitCode != 0 && !t.Skipped() {
		t.Errorf("mockstack:\n%s", report)
	}
}

func (project *Project) must(method, route string, body, answer any) {
	project.t.Helper()
	if err := ask(method, project.cloud.URL+"/__mockstack/"+route, body, answer); err != nil {
		project.t.Fatal(err)
	}
}

var odd = regexp.MustCompile(`[^A-Za-z0-9_.]+`)

// freeName is the same in every run, so that ids are, too. It has a number where a test has several projects.
func (project *Project) freeName() string {
	project.t.Helper()
	var known struct{ Projects []struct{ Name string } }
	project.must("GET", "projects", nil, &known)
	taken := map[string]bool{}
	for _, one := range known.Projects {
		taken[one.Name] = true
	}
	sum := sha256.Sum256([]byte(project.t.Name()))
	plain := odd.ReplaceAllString(project.t.Name(), "-")
	if len(plain) > 40 {
		plain = plain[:40]
	}
	name := fmt.Sprintf("%s-%x", plain, sum[:4])
	for number := 2; taken[name]; number++ {
		name = fmt.Sprintf("%s-%x-%d", plain, sum[:4], number)
	}
	return name
}
