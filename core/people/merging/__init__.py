"""One person recorded twice: records made one, and taken apart again."""
