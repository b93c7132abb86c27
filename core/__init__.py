"""DataMind, the product: plain Python, no screens and no workers."""
