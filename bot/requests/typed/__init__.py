"""Reading what people type: dates, hours, project names, decisions, words that no form holds."""
