"""Posters: whether and how a terminal draws them, and the cells that they become.

Everything here is loaded late: Pillow when the first picture is decoded, never before Home is
painted. Without the extra `pictures`, or in a terminal that cannot, none of it is used.
"""
