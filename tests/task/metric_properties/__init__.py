"""Properties that every compiled metric must have; run in the sandbox by `metric-properties.test.ts`."""
