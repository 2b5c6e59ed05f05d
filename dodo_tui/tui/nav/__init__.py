"""Moving about with four arrows, OK and Back: geometry, zones and screens made of zones."""
