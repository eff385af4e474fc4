"""Work that was entered by mistake is taken back."""
