"""The first answers after a build: which campaigns leak where, and what customers are worth."""
