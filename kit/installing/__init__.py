"""A plugin brought to a centre: installed after it was tried, or packed into one file to be carried there."""
