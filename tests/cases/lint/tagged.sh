curl -H 'OpenStack-API-Version: compute 2.37' "$NOVA/servers" \
  -d '{"server": {"name": "web-1", "flavorRef": "1", "imageRef": "", "networks": "auto", "tags": ["web"]}}'
