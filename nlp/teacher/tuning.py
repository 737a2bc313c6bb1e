"""Tuning the network on annotated texts, and its logits for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from nlp.features import Floats
from nlp.teacher.network import build, logits, torch, trainable
from nlp.teacher.tokens import tokenize
from nlp.teacher.weights import Weights

EPOCHS = 3
BUDGET = 4096  # tokens in a batch, padding included
RATE, HEAD_RATE = 1e-4, 2e-3
WARM = 0.1  # share of the steps in which the rate rises, before it falls to nought
SHUFFLE = 12  # tokens by which lengths are blurred, so that batches differ from epoch to epoch

Tokens = Sequence[Sequence[int]]


class Teacher:
    """multilingual-e5-small with a head for our labels. threads: of torch; the same number repeats a result."""

    def __init__(self, weights: Weights, *, threads: int = 2) -> None:
        torch().set_num_threads(threads)
        self.weights = weights

    def tune(
        self, texts: Sequence[str], targets: Floats, *, seed: int = 0, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """Learn from texts. targets: (texts, labels), 0 or 1, NaN where not judged. About 10 texts a second a core."""
        lib = torch()
        tokens = tokenize(texts, self.weights)
        wanted = lib.from_numpy(np.nan_to_num(targets).astype(np.float32))
        judged = lib.from_numpy((~np.isnan(targets)).astype(np.float32))
        self.network = build(self.weights, targets.shape[1], seed)
        self.network.train()
        head, layers = trainable(self.network)
        optimizer = lib.optim.AdamW(
            [{"params": head, "lr": HEAD_RATE}, {"params": layers, "lr": RATE}], weight_decay=0.01
        )
        chance = np.random.default_rng(seed)
        plan = [batch for _ in range(EPOCHS) for batch in batches(tokens, chance)]
        rate = lib.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _share(step, len(plan)))
        for number, batch in enumerate(plan, 1):
            given = logits(self.network, *self._padded(tokens, batch))
            loss = lib.nn.functional.binary_cross_entropy_with_logits(given, wanted[batch], reduction="none")
            optimizer.zero_grad()
            (loss * judged[batch]).sum(1).mean().backward()
            lib.nn.utils.clip_grad_norm_([*head, *layers], 1.0)
            optimizer.step()
            rate.step()
            if number % 50 == 0:
                say(f"step {number} of {len(plan)}")

    def logits(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, labels)."""
        tokens = tokenize(texts, self.weights)
        found: Floats = np.zeros((len(texts), self.network["head"].out_features))
        self.network.eval()
        with torch().no_grad():
            for batch in batches(tokens):
                found[batch] = logits(self.network, *self._padded(tokens, batch)).numpy()
        return found

    def _padded(self, tokens: Tokens, batch: Sequence[int]) -> tuple[Any, Any]:
        lengths = [len(tokens[i]) for i in batch]
        rows = np.full((len(batch), max(lengths)), self.weights.padding)
        for row, i in zip(rows, batch, strict=True):
            row[: len(tokens[i])] = tokens[i]
        return torch().from_numpy(rows), torch().tensor(lengths)


def _share(step: int, steps: int) -> float:
    """Of the full rate: up in a line, then down in a line."""
    warm = max(1, round(WARM * steps))
    return (step + 1) / warm if step < warm else (steps - step) / max(1, steps - warm)


def batches(tokens: Tokens, chance: np.random.Generator | None = None) -> Iterator[list[int]]:
    """Texts of like length together, at most BUDGET tokens with padding; in random order where there is chance."""
    lengths = np.array([len(each) for each in tokens], dtype=float)
    if chance is not None:
        lengths += chance.uniform(-SHUFFLE, SHUFFLE, len(lengths))
    found: list[list[int]] = []
    longest = 0
    for i in np.argsort(lengths, kind="stable").tolist():
        longest = max(longest, len(tokens[i]))
        if not found or longest * (len(found[-1]) + 1) > BUDGET:
            found.append([])
            longest = len(tokens[i])
        found[-1].append(i)
    if chance is not None:
        chance.shuffle(found)
    yield from found
