"""The page that asks whether help and actions helped."""
