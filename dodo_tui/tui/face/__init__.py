"""What the face is made of, concern by concern; `tui.app` joins them."""
