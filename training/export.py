"""Weights -> the ONNX file that ships, its weights in 8 bits.

    python -m training.export --base DIR --out FOLDER WEIGHTS [WEIGHTS …]

Of several weights the mean is taken; they have to come from one line of training.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.network import Network


def export(network: Network, folder: Path) -> None:
    """Writes ``tagger.onnx`` (int8, per channel) and the tokenizer's file to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    full, ready = folder / "full.onnx", folder / "ready.onnx"
    example = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "sentence", 1: "piece"}
    torch.onnx.export(
        network,
        (example, example),
        str(full),
        input_names=["ids", "mask"],
        output_names=["intents", "layer_1", "layer_2"],
        dynamic_axes={
            "ids": axes,
            "mask": axes,
            "intents": {0: "sentence"},
            "layer_1": axes,
            "layer_2": axes,
        },
        opset_version=17,
        dynamo=False,
    )
    quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
    quantize_dynamic(
        str(ready), str(folder / "tagger.onnx"), per_channel=True, weight_type=QuantType.QInt8
    )
    ready.unlink()
    full.unlink()


def main() -> None:
    """Exports the weights given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base weights")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    network = Network(a.base)
    states = [torch.load(file) for file in a.weights]
    mean = {name: sum(state[name] for state in states) / len(states) for name in states[0]}
    network.load_state_dict(mean)
    export(network, a.out)
    shutil.copy(a.base / "tokenizer.json", a.out / "tokenizer.json")


if __name__ == "__main__":
    main()
