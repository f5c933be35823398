"""Signing electronically: inside the PDF, in files made elsewhere; and what of it can be checked."""
