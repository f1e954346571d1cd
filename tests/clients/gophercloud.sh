# gophercloud: its steps are a program in Go, gophercloud.go.
. "$(dirname "$0")/steps.sh"

gophercloud "$image" "$flavor" "$network" "$server"
