"""Who has to act: the authorities, whoever stands in, and what passes on when people come and go."""
