"""Which plugins are here, which may be loaded, and how what they answer reaches papka."""
