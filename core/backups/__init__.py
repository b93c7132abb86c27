"""Everything an installation holds, in one file that any other installation can take over."""
