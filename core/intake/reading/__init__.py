"""Bytes to raw cells: the gate, workbooks and CSV as tables, which sheet a table is."""
