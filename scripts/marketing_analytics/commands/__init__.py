"""One module per command of `mktg`."""
