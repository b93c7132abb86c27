"""Dashboards: pages of tiles that people keep, arrange, share and look at every morning.

boards are the pages, tiles what stands on them, layout where; running looks up what a tile
shows now; rights tell who may see and change which.
"""
