"""Demo data of a plausible trade, made by the product's own services and rules; nothing here writes a row itself."""
