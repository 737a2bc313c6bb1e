"""The encoder as a torch network: tokens → mean of the last layer's vectors → one logit per label.

The layers are torch's own; only the embeddings of the words, which most weights are in, are kept in half precision
and stay as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nlp.errors import MissingExtra
from nlp.teacher.weights import Weights

FROZEN = 4  # of the twelve layers: they read words, as in any text
DROPOUT = 0.1
SCALE = 3.0  # of the mean vector before the head: it has length 1 in the model as published


def torch() -> Any:
    """The library. Raises MissingExtra."""
    try:
        import torch as library
    except ImportError:
        raise MissingExtra("torch", "teacher") from None
    return library


def build(weights: Weights, labels: int, seed: int) -> Any:
    """A torch module with the parts words, places, norm, layers and head."""
    lib = torch()
    lib.manual_seed(seed)
    sizes = weights.sizes
    word = lib.from_numpy(weights.matrix("emb.word", sizes.width)).to(lib.bfloat16)
    places = weights.vector("emb.pos").reshape(-1, sizes.width) + weights.vector("emb.type")[: sizes.width]
    norm = lib.nn.LayerNorm(sizes.width, sizes.epsilon)
    _set(norm.weight, weights.vector("emb.ln.w"))
    _set(norm.bias, weights.vector("emb.ln.b"))
    head = lib.nn.Linear(sizes.width, labels)
    lib.nn.init.normal_(head.weight, std=0.02)
    head.bias.data.fill_(-3.0)  # a label is rare
    return lib.nn.ModuleDict(
        {
            "words": lib.nn.Embedding.from_pretrained(word, padding_idx=weights.padding),
            "places": lib.nn.Embedding.from_pretrained(lib.from_numpy(places)),
            "norm": norm,
            "layers": lib.nn.ModuleList([_layer(weights, number) for number in range(sizes.layers)]),
            "head": head,
        }
    )


def _layer(weights: Weights, number: int) -> Any:
    lib, sizes = torch(), weights.sizes
    layer = lib.nn.TransformerEncoderLayer(
        sizes.width, sizes.heads, sizes.inner, DROPOUT, "gelu", sizes.epsilon, batch_first=True
    )
    layer.self_attn.dropout, layer.dropout.p = 0.0, 0.0  # only between the parts
    parts = {
        "self_attn.out_proj": ("ao", sizes.width), "linear1": ("fi", sizes.width), "linear2": ("fo", sizes.inner),
    }  # fmt: skip
    state = {}
    for ours, (theirs, columns) in parts.items():
        state[f"{ours}.weight"] = weights.matrix(f"l{number}.{theirs}.w", columns)
        state[f"{ours}.bias"] = weights.vector(f"l{number}.{theirs}.b")
    for ours, theirs in {"norm1": "aln", "norm2": "oln"}.items():
        state[f"{ours}.weight"] = weights.vector(f"l{number}.{theirs}.w")
        state[f"{ours}.bias"] = weights.vector(f"l{number}.{theirs}.b")
    state["self_attn.in_proj_weight"] = np.concatenate(
        [weights.matrix(f"l{number}.{k}.w", sizes.width) for k in "qkv"]
    )
    state["self_attn.in_proj_bias"] = np.concatenate([weights.vector(f"l{number}.{k}.b") for k in "qkv"])
    layer.load_state_dict({name: lib.from_numpy(value) for name, value in state.items()})
    return layer


def _set(parameter: Any, value: Any) -> None:
    parameter.data.copy_(torch().from_numpy(value))


def logits(network: Any, tokens: Any, lengths: Any) -> Any:
    """tokens: (texts, longest), padded; lengths: (texts,). Gives (texts, labels)."""
    lib = torch()
    longest = tokens.shape[1]
    filled = lib.arange(longest)[None] < lengths[:, None]
    padding = None if bool(filled.all()) else ~filled
    with lib.no_grad():
        here = network["norm"](network["words"](tokens).float() + network["places"].weight[:longest])
        here = lib.nn.functional.dropout(here, DROPOUT, network.training)
    with lib.autocast("cpu", lib.bfloat16):
        for number, layer in enumerate(network["layers"]):
            with lib.set_grad_enabled(lib.is_grad_enabled() and number >= FROZEN):
                here = layer(here, src_key_padding_mask=padding)
    mean = (here.float() * filled[..., None]).sum(1) / lengths[:, None]
    return network["head"](lib.nn.functional.dropout(mean, DROPOUT, network.training) * SCALE)


def trainable(network: Any) -> tuple[list[Any], list[Any]]:
    """The parameters of the head, and those of the layers that are tuned."""
    return list(network["head"].parameters()), list(network["layers"][FROZEN:].parameters())
