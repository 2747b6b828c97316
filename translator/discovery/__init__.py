"""What is known of a stack's addresses: who calls whom, and the ports on which each service listens."""
