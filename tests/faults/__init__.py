"""The bench of faults: real processes, a load of people, and everything that goes wrong in between."""
