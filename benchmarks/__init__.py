"""How fast Fenqi is, as ratios to the same work written by hand and run beside it: `make bench`, docs/performance.md."""
