"""From annotated sentences to the tagger that ships with the package. See README.md.

Needs the extra ``train`` (torch, transformers, onnx); nothing here is needed to use ``kg``.
"""
