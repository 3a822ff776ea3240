"""The network: an encoder with a head for intents and one for each layer of roles."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from transformers import BertModel

from kg.tagger.labels import INTENTS, LAYERS, bio


class Network(nn.Module):
    """MiniLM, its intents read off the first piece, its roles off every piece."""

    def __init__(self, weights: Path, dropout: float = 0.1) -> None:
        """Loads the base weights; the embeddings stay as they are."""
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            weights, add_pooling_layer=False, attn_implementation="eager"
        )
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.intents = nn.Linear(2 * width, len(INTENTS))
        self.layers = nn.ModuleList(nn.Linear(width, len(bio(roles))) for roles in LAYERS)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of the intents, and of the labels of both layers at every piece.

        Args:
            ids: pieces, batch by length.
            mask: 1 for a piece, 0 for padding.
        """
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        whole = torch.cat([states[:, 0], mean], dim=-1)
        states = self.dropout(states)
        return self.intents(self.dropout(whole)), self.layers[0](states), self.layers[1](states)
