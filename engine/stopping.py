"""Early stopping (Prechelt 1998): training pauses when the test loss had no new minimum for some epochs."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(slots=True)
class EarlyStopping:
    """What has to be remembered between epochs: the smallest test loss, and how many epochs ago it was."""

    best: float = inf
    epochs: int = 0

    def observe(self, test_loss: float, patience: int) -> bool:
        """To be told the test loss at the end of each epoch. True when patience is at an end; it then begins anew."""
        if test_loss < self.best:
            self.best, self.epochs = test_loss, 0
            return False
        self.epochs += 1
        if self.epochs < patience:
            return False
        self.epochs = 0
        return True
