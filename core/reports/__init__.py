"""Reports: a dashboard or a saved query as a file, sent on a schedule."""
