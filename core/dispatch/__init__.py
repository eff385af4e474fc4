"""The weekly dispatch: figures of a week, frozen so that nothing entered later can change them."""
