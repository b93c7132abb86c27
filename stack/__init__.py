"""The production topology as local processes: `make stack`."""
