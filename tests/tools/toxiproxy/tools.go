//go:build tools

// Package tools names the proxy that the fault tests put between the services, so that go.mod and go.sum pin it.
package tools

import _ "github.com/Shopify/toxiproxy/v2/cmd/server"
