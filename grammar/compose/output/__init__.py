"""What `config` prints of a loaded stack: canonical YAML and JSON, digests of images, hashes of services."""
