"""The product's processes killed, their servers stopped: nothing lost, nothing told twice."""
