"""A form as a page in the browser of this computer."""
