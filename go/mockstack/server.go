// Package mockstack gives Go tests OpenStack clouds of their own. They are not real, but judge every request by the contract of
// the API version that it was sent under; a test fails if one of its requests is wrong.
//
//	func TestBoot(t *testing.T) {
//		t.Parallel()
//		project := mockstack.Shared(t).Project(t)
//		provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
//			IdentityEndpoint: project.Env["OS_AUTH_URL"], DomainName: "Default",
//			Username: project.User, Password: project.Password, TenantID: project.ID,
//		})
//		…
//	}
//
// The program mockstack is that in MOCKSTACK_BIN, or else in PATH. It is never downloaded, and has to be of the version of this
// package.
package mockstack

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// Version is the version of this package, and of the program that it needs.
const Version = "0.1.0"

// Cloud is a server, on which each test can have a cloud of its own: [Cloud.Project].
type Cloud struct {
	// URL is http://HOST:PORT.
	URL string
	// Release is the OpenStack release of its clouds, such as train.
	Release string
}

// Start starts a server that ends with t. options are those of `mockstack serve`, such as "--release", "train". Without
// options it is the server around the tests, if there is one: that of `mockstack run -- go test ./...`.
func Start(t testing.TB, options ...string) *Cloud {
	t.Helper()
	if url := os.Getenv("MOCKSTACK_URL"); url != "" && len(options) == 0 {
		return joined(t, url)
	}
	started, err := start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.stop)
	cloud := joined(t, started.url)
	t.Cleanup(func() { cloud.checkOutside(t) })
	return cloud
}

var (
	lock   sync.Mutex
	shared = map[string]*process{}
)

// Shared is [Start] with one server for all tests of a program. It ends with the program.
func Shared(t testing.TB, options ...string) *Cloud {
	t.Helper()
	if url := os.Getenv("MOCKSTACK_URL"); url != "" && len(options) == 0 {
		return joined(t, url)
	}
	lock.Lock()
	defer lock.Unlock()
	key := strings.Join(options, "\x00")
	if shared[key] == nil {
		started, err := start(options)
		if err != nil {
			t.Fatal(err)
		}
		shared[key] = started
	}
	return joined(t, shared[key].url)
}

// joined is the server at url, if it is of the right version.
func joined(t testing.TB, url string) *Cloud {
	t.Helper()
	var told struct{ Mockstack, Release string }
	if err := ask("GET", url+"/", nil, &told); err != nil {
		t.Fatal(err)
	}
	if told.Mockstack != Version {
		t.Fatalf("the server at %s is mockstack %s, but this package is %s", url, told.Mockstack, Version)
	}
	return &Cloud{URL: url, Release: told.Release}
}

// checkOutside fails t if something was wrong that belongs to no project, such as a path that leads nowhere.
func (cloud *Cloud) checkOutside(t testing.TB) {
	t.Helper()
	var verdict Verdict
	if err := ask("GET", cloud.URL+"/__mockstack/verdict", nil, &verdict); err != nil {
		t.Error(err)
	}
	for _, complaint := range verdict.Complaints {
		if complaint.Fails && complaint.Test == nil {
			t.Errorf("mockstack: outside of all projects:\n%s", complaint.Text)
		}
	}
}

// process is a server that was started here. It ends when its standard input does: also if this program is killed.
type process struct {
	url     string
	command *exec.Cmd
	input   io.Closer
	output  io.Closer
}

func start(options []string) (*process, error) {
	binary, err := find()
	if err != nil {
		return nil, err
	}
	command := exec.Command(binary, append([]string{"serve", "--until-eof"}, options...)...)
	var told bytes.Buffer
	command.Stderr = &told
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	ready, _ := bufio.NewReader(output).ReadString('\n')
	_, url, _ := strings.Cut(strings.TrimSpace(ready), " is ready at ")
	started := &process{strings.TrimSuffix(url, "/identity"), command, input, output}
	if url == "" {
		started.stop()
		return nil, fmt.Errorf("mockstack did not start: %s", told.String())
	}
	return started, nil
}

func (own *process) stop() {
	own.input.Close()
	own.output.Close()
	// The verdict of the server is that of its projects, which have told theirs.
	_ = own.command.Wait()
}

func find() (string, error) {
	if told := os.Getenv("MOCKSTACK_BIN"); told != "" {
		return told, nil
	}
	found, err := exec.LookPath("mockstack")
	if err != nil {
		return "", fmt.Errorf("the program mockstack is neither in MOCKSTACK_BIN nor in PATH: install version %s", Version)
	}
	return found, nil
}
