"""What a region's method is, as data: programme, registers, forms, and how one region builds upon another."""
