"""Python side of task packages: metrics, preparing and grading, run inside the sandbox."""
