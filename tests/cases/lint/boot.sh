curl -H "X-Auth-Token: $TOKEN" "$NOVA/servers" -d '{"server": {"name": "'"$NAME"'", "flavorRef": 1.5, "networks": "auto"}}'
curl "$NOVA/servers" -d @- <<BODY
{"server": {"name": "$NAME", "flavorRef": "$FLAVOR", "imageRef": "$IMAGE", "networks": "auto", "image": "x"}}
BODY
