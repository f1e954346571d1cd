// gophercloud: what programs in Go, Terraform's provider among them, are built on. It logs in as they do, with
// AuthOptionsFromEnv. One line a step; the first that fails ends the client.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/startstop"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/images"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/pagination"
)

// step ends the client if err is one.
func step(name string, err error) {
	if err != nil {
		fmt.Printf("FAIL %s: %v\n", name, err)
		os.Exit(1)
	}
	fmt.Println("ok   " + name)
}

// only is nil if there is exactly one of what was asked for.
func only(count int, err error) error {
	if err == nil && count != 1 {
		return fmt.Errorf("%d instead of 1", count)
	}
	return err
}

// all reads every page of a list.
func all(pager pagination.Pager, extract func(pagination.Page) error) error {
	page, err := pager.AllPages()
	if err != nil {
		return err
	}
	return extract(page)
}

func service(make func(*gophercloud.ProviderClient, gophercloud.EndpointOpts) (*gophercloud.ServiceClient, error), provider *gophercloud.ProviderClient) *gophercloud.ServiceClient {
	client, err := make(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	if err != nil {
		step("endpoint", err)
	}
	return client
}

func main() {
	imageName, flavorName, networkName, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4]

	options, err := openstack.AuthOptionsFromEnv()
	var provider *gophercloud.ProviderClient
	if err == nil {
		provider, err = openstack.AuthenticatedClient(options)
	}
	step("authenticate", err)
	compute := service(openstack.NewComputeV2, provider)

	var flavorIDs []string
	err = all(flavors.ListDetail(compute, nil), func(page pagination.Page) error {
		list, err := flavors.ExtractFlavors(page)
		for _, flavor := range list {
			if flavor.Name == flavorName {
				flavorIDs = append(flavorIDs, flavor.ID)
			}
		}
		return err
	})
	step("flavors", only(len(flavorIDs), err))

	var found []images.Image
	list := images.List(service(openstack.NewImageServiceV2, provider), images.ListOpts{Name: imageName})
	err = all(list, func(page pagination.Page) (err error) {
		found, err = images.ExtractImages(page)
		return err
	})
	step("images", only(len(found), err))

	var nets []networks.Network
	list = networks.List(service(openstack.NewNetworkV2, provider), networks.ListOpts{Name: networkName})
	err = all(list, func(page pagination.Page) (err error) {
		nets, err = networks.ExtractNetworks(page)
		return err
	})
	step("networks", only(len(nets), err))

	server, err := servers.Create(compute, servers.CreateOpts{
		Name: name, ImageRef: found[0].ID, FlavorRef: flavorIDs[0],
		Networks: []servers.Network{{UUID: nets[0].ID}}, Metadata: map[string]string{"client": "gophercloud"},
	}).Extract()
	if err == nil {
		err = servers.WaitForStatus(compute, server.ID, "ACTIVE", 60)
	}
	step("boot to ACTIVE", err)

	shown, err := servers.Get(compute, server.ID).Extract()
	if err == nil && (shown.Name != name || len(shown.Addresses) == 0) {
		err = fmt.Errorf("%+v", shown)
	}
	step("show", err)

	var own []servers.Server
	err = all(servers.List(compute, servers.ListOpts{Name: name}), func(page pagination.Page) (err error) {
		own, err = servers.ExtractServers(page)
		return err
	})
	step("list", only(len(own), err))

	err = startstop.Stop(compute, server.ID).ExtractErr()
	if err == nil {
		err = servers.WaitForStatus(compute, server.ID, "SHUTOFF", 60)
	}
	step("stop", err)
	err = startstop.Start(compute, server.ID).ExtractErr()
	if err == nil {
		err = servers.WaitForStatus(compute, server.ID, "ACTIVE", 60)
	}
	step("start", err)

	step("delete", servers.Delete(compute, server.ID).ExtractErr())
	for left := 60; ; left-- {
		_, err = servers.Get(compute, server.ID).Extract()
		var gone gophercloud.ErrDefault404
		if errors.As(err, &gone) {
			step("gone", nil)
			return
		}
		if left == 0 {
			step("gone", fmt.Errorf("it is still there: %v", err))
		}
		time.Sleep(500 * time.Millisecond)
	}
}
