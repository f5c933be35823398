"""The numbered checks that any plugin has to pass. They are run by pytest, and by `papka plugin check`."""
