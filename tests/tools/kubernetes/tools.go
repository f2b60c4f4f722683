//go:build tools

// Package tools names the Go programs that check the Kubernetes manifests, so that go.mod and go.sum pin them.
package tools

import (
	_ "github.com/yannh/kubeconform/cmd/kubeconform"
	_ "sigs.k8s.io/kustomize/kustomize/v5"
)
