"""How well a model does: figures with intervals, by part and by mistake, two models side by side, and the card."""
