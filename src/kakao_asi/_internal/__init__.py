"""Clock, ids, text rules, canonical JSON and field rules: what every floor stands on."""
