"""`mktg bench`: what each mart costs beside the SQL that an expert writes for its question alone."""
