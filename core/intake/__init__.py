"""The bureau's spreadsheets in and out."""
