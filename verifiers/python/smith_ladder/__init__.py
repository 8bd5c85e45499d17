"""Reference solvers of rising strength. They see a task's public folder and manifest, nothing else."""
