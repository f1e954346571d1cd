module github.com/OWNER/mockstack/go/mockstack

go 1.19
