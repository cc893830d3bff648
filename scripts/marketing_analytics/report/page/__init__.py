"""The page: charts, heat maps, definitions and templates, in one file that asks for nothing."""
