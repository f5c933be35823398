"""papka: the folder that holds a family's papers.

This folder is the package: core/ is papka.core, forms/ is papka.forms, output/
is papka.output. Nothing is imported here, so that naming papka costs nothing.
"""

__version__ = "0.1.0"
