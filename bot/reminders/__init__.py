"""Who to remind, who to escalate to, and when: in the working time of whoever has the ball."""
