"""Makes whole bureau sites out of content data, in the look of several content management systems."""
