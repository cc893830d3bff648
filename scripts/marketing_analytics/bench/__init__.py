"""What each mart costs beside the SQL that an expert writes for its question: `mktg bench`."""
