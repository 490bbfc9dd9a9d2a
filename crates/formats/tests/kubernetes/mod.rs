//! Tests of Kubernetes' manifests beyond those of all formats.

mod pod_security;
