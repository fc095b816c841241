"""The clock of the ball: targets, and when the next thing about it is due."""
