"""What still has to be said: notices, and the messages that mirror a row."""
