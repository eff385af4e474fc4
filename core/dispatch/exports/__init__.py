"""Documents of a frozen dispatch week: slide deck, minutes, workbook and print pages, byte-identical when built again."""
