"""What is due: one declaration a kind, from which lists, counts, badges and the meeting are made."""
