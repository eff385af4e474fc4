"""What the job map draws: view model, layers, legend, static map, sentences."""
