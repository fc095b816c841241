"""What everything costs as the database grows: 10 thousand requests, 100 thousand, a million."""
