"""The bars of the ranked list: drawn in the browser, where they follow the thumb of a slider."""
