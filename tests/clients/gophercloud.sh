# gophercloud: its steps are a program in Go, gophercloud.go.
. "$(dirname "$0")/steps.sh"

# Go does not know OS_CACERT.
[ -z "${OS_CACERT:-}" ] || export SSL_CERT_FILE=$OS_CACERT
gophercloud "$image" "$flavor" "$network" "$server"
