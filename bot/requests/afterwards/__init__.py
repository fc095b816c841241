"""After a decision: what a no leads to, what comes back, what is re-opened, the work, the client's answer."""
