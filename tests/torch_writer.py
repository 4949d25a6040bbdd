"""State dicts written as torch.save writes them, before version 1.6, without torch."""

import io
import pickle
import sys
import types
from collections import OrderedDict

import numpy as np
import pytest

STORAGES = {"f4": "FloatStorage", "i8": "LongStorage"}


class Stored:
    """An array that is pickled the way torch pickles a tensor."""

    def __init__(self, array, strides=None, offset=0, rebuild="_rebuild_tensor_v2"):
        self.array, self.offset, self.rebuild = np.asarray(array), offset, rebuild
        steps = [n // self.array.itemsize for n in self.array.strides]
        self.strides = tuple(steps if strides is None else strides)
        self.shape = self.array.shape

    def __reduce__(self):
        function = getattr(sys.modules["torch._utils"], self.rebuild)
        args = (self, self.offset, self.shape, self.strides, False, OrderedDict())
        return function, (Named(self), *args[1:])


class Named:
    """The storage of a tensor, which a pickle names and does not hold."""

    def __init__(self, tensor):
        self.tensor = tensor


def fake_torch():
    """Return modules that stand for torch while a pickle is written."""
    torch, inner = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in STORAGES.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    for name in ("_rebuild_tensor_v2", "_something_else"):
        exec(f"def {name}(*args): pass", inner.__dict__)
        inner.__dict__[name].__module__ = "torch._utils"
    return {"torch": torch, "torch._utils": inner}


def dumped(content):
    """Return the pickle of a state dict, and the tensors whose numbers it names, by key."""
    modules, tensors, stream = fake_torch(), {}, io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if not isinstance(value, Named):
                return None
            key = next((k for k, t in tensors.items() if t is value.tensor), str(len(tensors)))
            tensors[key] = value.tensor
            kind = getattr(modules["torch"], STORAGES[value.tensor.array.dtype.str[1:]])
            return ("storage", kind, key, "cpu", value.tensor.array.size, None)

    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules.items():
            patch.setitem(sys.modules, name, module)
        Pickler(stream, protocol=2).dump(content)
    return stream.getvalue(), tensors


def write(path, content):
    data, tensors = dumped(content)
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    parts = [pickle.dumps(item, 2) for item in head] + [data, pickle.dumps(list(tensors), 2)]
    for tensor in tensors.values():
        parts += [tensor.array.size.to_bytes(8, "little"), tensor.array.tobytes()]
    path.write_bytes(b"".join(parts))
    return path
