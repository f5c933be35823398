"""Why words stand on a paper: the map from sentences to paragraphs, fields, rules and laws."""
