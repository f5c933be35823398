"""The contract: what a case may hold."""
