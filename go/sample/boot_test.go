// Package sample tests code that boots servers with gophercloud, each test in a cloud of its own.
package sample

import (
	"errors"
	"fmt"
	"testing"

	"github.com/OWNER/mockstack/go/mockstack"
	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/keypairs"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
)

const image = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9"

// compute logs in to a project.
func compute(t *testing.T, project *mockstack.Project) *gophercloud.ServiceClient {
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{
		IdentityEndpoint: project.Env["OS_AUTH_URL"], DomainName: "Default",
		Username: project.User, Password: project.Password, TenantID: project.ID,
	})
	if err != nil {
		t.Fatal(err)
	}
	client, err := openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: project.Env["OS_REGION_NAME"]})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func boot(client *gophercloud.ServiceClient, name string) (*servers.Server, error) {
	server, err := servers.Create(client, servers.CreateOpts{Name: name, ImageRef: image, FlavorRef: "1"}).Extract()
	if err == nil {
		err = servers.WaitForStatus(client, server.ID, "ACTIVE", 10)
	}
	return server, err
}

func TestBoots(t *testing.T) {
	for number := 0; number < 10; number++ {
		name := fmt.Sprintf("web%d", number)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := mockstack.Shared(t).Project(t)
			if _, err := boot(compute(t, project), name); err != nil {
				t.Fatal(err)
			}
			if own := project.State()["servers"]; len(own) != 1 || own[0].Name != name {
				t.Error("another test's server is here:", own)
			}
		})
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	client := compute(t, mockstack.Shared(t).Project(t, mockstack.Wanted{Quotas: map[string]int{"instances": 1}}))
	if _, err := boot(client, "one"); err != nil {
		t.Fatal(err)
	}
	var forbidden gophercloud.ErrDefault403
	if _, err := boot(client, "two"); !errors.As(err, &forbidden) {
		t.Error("the quota is not kept:", err)
	}
}

func TestAnotherRelease(t *testing.T) {
	t.Parallel()
	cloud := mockstack.Shared(t, "--release", "train")
	client := compute(t, cloud.Project(t))
	client.Microversion = "2.79"
	if _, err := keypairs.Create(client, keypairs.CreateOpts{Name: "own"}).Extract(); err != nil {
		t.Fatal(err)
	}
}

// A client that sends a field which its microversion does not have: the test says that it is to fail.
func TestTagsAreRefusedBefore252(t *testing.T) {
	t.Parallel()
	project := mockstack.Shared(t).Project(t, mockstack.Wanted{Expect: []string{"not-yet@compute.servers.create"}})
	client := compute(t, project)
	client.Microversion = "2.37"
	options := tagged{servers.CreateOpts{Name: "vm", ImageRef: image, FlavorRef: "1", Networks: "auto"}}
	var refused gophercloud.ErrDefault400
	if _, err := servers.Create(client, options).Extract(); !errors.As(err, &refused) {
		t.Error(err)
	}
}

type tagged struct{ servers.CreateOpts }

func (own tagged) ToServerCreateMap() (map[string]interface{}, error) {
	body, err := own.CreateOpts.ToServerCreateMap()
	if err == nil {
		body["server"].(map[string]interface{})["tags"] = []string{"web"}
	}
	return body, err
}
