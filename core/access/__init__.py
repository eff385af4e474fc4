"""What can be reached: catchments (E2SFCA), measures by community, white spots, what-if."""
