"""A plugin is made from a template, and what is new in the template is brought to it later."""
