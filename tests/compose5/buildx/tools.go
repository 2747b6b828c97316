//go:build tools

// Package tools names the plugin of the docker command by which docker compose builds, so that go.mod pins it.
package tools

import _ "github.com/docker/buildx/cmd/buildx"
