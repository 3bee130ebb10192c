"""A small BERT encoder with one linear head a scheme, in plain torch; state-dict names are those of BertModel."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from pipeline.entities.pieces import SIZE

PARTS = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
         "output": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
         "down": "output.dense", "norm2": "output.LayerNorm"}  # of a layer: our name and BertModel's  # fmt: skip


class Linear(nn.Linear):
    """A linear layer that can be trained as it will run: `rounded` rounds its weights to seven bits a channel and its
    input to eight bits a window, and lets gradients through.
    """

    rounded = False

    def forward(self, x):
        if not self.rounded:
            return super().forward(x)
        with torch.no_grad():
            step = (self.weight.abs().amax(1, keepdim=True) / 64).clamp(min=1e-9)
            weight = (self.weight / step).round() * step - self.weight
            plain, sides = x.float(), tuple(range(1, x.ndim))
            step = (plain.amax(sides, True).clamp(min=0) - plain.amin(sides, True).clamp(max=0)) / 255
            change = ((plain / step.clamp(min=1e-9)).round() * step - plain).to(x.dtype)
        return F.linear(x + change, self.weight + weight, self.bias)


def rounding(model: nn.Module, on: bool) -> None:
    """Whether the encoder's linear layers work with rounded numbers."""
    for part in model.modules():
        if isinstance(part, Linear):
            part.rounded = on


class Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (Linear(width, width) for _ in range(3))
        self.output, self.norm1 = Linear(width, width), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down, self.norm2 = Linear(width, inner), Linear(inner, width), nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, mask, drop):
        b, n, d = x.shape
        q, k, v = (f(x).view(b, n, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(b, n, d)
        x = self.norm1(x + F.dropout(self.output(a), drop, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), drop, self.training))


class Tagger(nn.Module):
    def __init__(
        self,
        heads: dict[str, int],
        vocab=12423,
        layers=12,
        width=384,
        attention=12,
        inner=1536,
        positions=512,
    ):
        super().__init__()
        self.config = {
            "heads": heads,
            "vocab": vocab,
            "layers": layers,
            "width": width,
            "attention": attention,
            "inner": inner,
            "positions": positions,
        }
        self.words = nn.Embedding(vocab, width)
        self.places = nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, attention, inner) for _ in range(layers))
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in heads.items()})

    padded = True  # False where windows are read one by one, as they are when exported: padding needs no hiding then

    def encode(self, pieces, drop=0.0, extra=0.0):
        """(batch, length) int64 pieces, 1 = padding, to (batch, length, width); `extra` joins their embeddings."""
        mask = (pieces != 1)[:, None, None, :] if self.padded else None
        place = torch.arange(pieces.shape[1], device=pieces.device)
        x = F.dropout(self.norm(self.words(pieces) + self.places(place) + extra), drop, self.training)
        for layer in self.layers:
            x = layer(x, mask, drop)
        return x

    def forward(self, pieces, drop=0.0):
        x = self.encode(pieces, drop)
        return {name: head(x) for name, head in self.heads.items()}


def sized(state: dict, heads: dict[str, int], layers: int) -> Tagger:
    """A tagger of the size of a BertModel state dict, with so many layers; an attention head is 32 wide."""
    g = {k.removeprefix("bert."): v for k, v in state.items()}
    vocab, width = g["embeddings.word_embeddings.weight"].shape
    inner = g["encoder.layer.0.intermediate.dense.weight"].shape[0]
    positions = min(SIZE, g["embeddings.position_embeddings.weight"].shape[0])  # no window is longer
    return Tagger(heads, vocab, layers, width, width // 32, inner, positions)


def load_encoder(model: Tagger, state: dict, keep: list[int]) -> None:
    """Fill the encoder from a BertModel state dict; `keep` says which of its layers become ours, in order."""
    g = {k.removeprefix("bert."): v.float() for k, v in state.items()}
    p = "embeddings."
    with torch.no_grad():
        model.words.weight.copy_(g[p + "word_embeddings.weight"])
        places = g[p + "position_embeddings.weight"][: model.places.num_embeddings]
        model.places.weight.copy_(places + g[p + "token_type_embeddings.weight"][0])
        model.norm.weight.copy_(g[p + "LayerNorm.weight"])
        model.norm.bias.copy_(g[p + "LayerNorm.bias"])
        for layer, k in zip(model.layers, keep, strict=True):
            for ours, theirs in PARTS.items():
                part = getattr(layer, ours)
                part.weight.copy_(g[f"encoder.layer.{k}.{theirs}.weight"])
                part.bias.copy_(g[f"encoder.layer.{k}.{theirs}.bias"])
