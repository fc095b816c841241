"""Instead of yes or no: questions, counter-offers, conditions, swaps, a second approver."""
