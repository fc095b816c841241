"""Tests of people, their hours and absences."""
