"""What `config` prints for a loaded stack: canonical YAML and JSON, digests of images, hashes of services."""
