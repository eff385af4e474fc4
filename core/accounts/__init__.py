"""Who may use the system: accounts, passwords, one-time links, sessions, and what slows down guessing."""
