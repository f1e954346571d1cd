def test_two_calls(client):
    client.post("/servers", json={"server": {"name": "web-1", "flavorRef": "1", "imageRef": IMAGE, "networks": "auto", "hostname": "web-1"}})
    client.post("/servers", json={"server": {"name": "web-2", "flavorRef": "1", "imageRef": IMAGE, "networks": "auto"}}, headers={"OpenStack-API-Version": "compute 2.37"})
