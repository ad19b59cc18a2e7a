"""The model as one safetensors file; half precision towers, 8-bit tapes."""
from dataclasses import dataclass, field

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file


@dataclass
class Model:
    canonical: np.ndarray            # [29, 3]
    basis: np.ndarray                # [186, 6]
    experts: list                    # of {'mouth': tower, 'mouth_dilations': [], 'sound': ..., 'sound_dilations'}
    mouth_tape: np.ndarray = None    # [N, K]
    sound_tape: np.ndarray = None
    numbers: dict = field(default_factory=dict)   # name -> 1-D float list


def rounded(model):
    """The model as it reads back from its file, so that measuring and delivering agree."""
    for expert in model.experts:
        for side in ('mouth', 'sound'):
            for layer in expert[side]:
                layer['kernel'] = layer['kernel'].astype(np.float16).astype(np.float64)
                layer['bias'] = layer['bias'].astype(np.float32).astype(np.float64)
    model.canonical = model.canonical.astype(np.float32).astype(np.float64)
    model.basis = model.basis.astype(np.float32).astype(np.float64)
    return model


def eight_bit(tape):
    """[N, K] -> int8 [N, K] and the scale of each column [K]."""
    scale = np.abs(tape).max(axis=0) / 127
    return np.round(tape / scale).astype(np.int8), scale.astype(np.float32)


def save(model, path, metadata):
    tensors = {'canonical': model.canonical.astype(np.float32), 'basis': model.basis.astype(np.float32)}
    for e, expert in enumerate(model.experts):
        tensors[f'expert{e}.weight'] = np.array([expert.get('weight', 1.0)], np.float32)
        for side in ('mouth', 'sound'):
            tensors[f'expert{e}.{side}.dilations'] = np.array(expert[side + '_dilations'], np.int32)
            for i, layer in enumerate(expert[side]):
                tensors[f'expert{e}.{side}.{i}.kernel'] = np.ascontiguousarray(layer['kernel'].astype(np.float16))
                tensors[f'expert{e}.{side}.{i}.bias'] = layer['bias'].astype(np.float32)
    for side, tape in (('mouth', model.mouth_tape), ('sound', model.sound_tape)):
        tensors[f'tape.{side}'], tensors[f'tape.{side}.scale'] = eight_bit(tape)
    for name, values in model.numbers.items():
        tensors[f'number.{name}'] = np.atleast_1d(np.array(values, np.float32))
    save_file(tensors, path, metadata={k: str(v) for k, v in metadata.items()})


def load(path):
    with safe_open(path, 'numpy') as file:
        t = {k: file.get_tensor(k) for k in file.keys()}
    experts = []
    while f'expert{len(experts)}.mouth.dilations' in t:
        e = f'expert{len(experts)}'
        experts.append({'weight': float(t[f'{e}.weight'][0])})
        for side in ('mouth', 'sound'):
            dilations = t[f'{e}.{side}.dilations'].tolist()
            experts[-1][side + '_dilations'] = dilations
            experts[-1][side] = [{'kernel': t[f'{e}.{side}.{i}.kernel'].astype(np.float64),
                                  'bias': t[f'{e}.{side}.{i}.bias'].astype(np.float64)}
                                 for i in range(len(dilations))]
    tape = lambda side: t[f'tape.{side}'].astype(np.float64) * t[f'tape.{side}.scale'].astype(np.float64)
    return Model(t['canonical'].astype(np.float64), t['basis'].astype(np.float64), experts,
                 tape('mouth'), tape('sound'),
                 {k.removeprefix('number.'): v.astype(np.float64) for k, v in t.items() if k.startswith('number.')})
