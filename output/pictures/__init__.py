"""Pictures in papers: each is made of the case's plain facts, as a PNG and as the same facts in words.

The drawing library comes with the extra `pictures` and is loaded when a template asks for a picture. A
picture is black on white and no meaning hangs on a shade of grey, so that it lives through a copier.
"""
