//go:build tools

// Package tools names the docker compose that tests ask, so that go.mod pins it with all that it is made of.
package tools

import _ "github.com/docker/compose/v5/cmd"
