"""Change requests, from the client's wish to the end of the work: the product's heart.

Here is the life itself: rows (`models`), what cards show (`facts`, `cards`), every use case on the way to a decision (`service`,
`editing`, `deciding`), and what all of them stand on (`rights`, `ball`, `history`, `holding`, `announcing`). Around it:

- `typed`: reading what people type
- `bargaining`: instead of yes or no (questions, counter-offers, conditions, swaps, a second yes)
- `afterwards`: after a decision (bridges, what comes back, re-opening, the work, the client's answer)
- `routing`: who has to act, and what passes on when people come and go
- `timing`: the clock of the ball
- `client_words`: words for the client
- `search`, `overviews`: many requests at once
"""
