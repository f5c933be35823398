"""What a region's papers say: held as text in the plugin, and compared between two of its versions."""
