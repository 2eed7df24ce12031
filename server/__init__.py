"""Backflow's server: sessions that train, and the wire that shows them."""
