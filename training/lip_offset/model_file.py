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
    numbers: dict = field(default_factory=dict)   # {mode: {name: 1-D float list}}
    pixels: dict = None              # as an expert, with 'stem'

    def experts_of(self, kind):
        return self.experts if kind == 'landmarks' else [self.pixels] if self.pixels else []

    def columns_of(self, kind):
        """The columns of an expert in the tapes; those of the landmarks come first."""
        width = lambda experts: sum(e['mouth'][-1]['kernel'].shape[2] for e in experts)
        first = 0 if kind == 'landmarks' else width(self.experts)
        return slice(first, first + width(self.experts_of(kind)))


def rounded(model):
    """The model as read back from its file, so that measurements are of the delivered model."""
    for expert in model.experts:
        for side in ('mouth', 'sound'):
            for layer in expert[side]:
                layer['kernel'] = layer['kernel'].astype(np.float16).astype(np.float64)
                layer['bias'] = layer['bias'].astype(np.float32).astype(np.float64)
    if model.pixels:
        for part in ('stem', 'mouth', 'sound'):
            for layer in model.pixels[part]:
                layer['kernel'] = layer['kernel'].astype(np.float16).astype(np.float64)
                layer['bias'] = layer['bias'].astype(np.float32).astype(np.float64)
    model.canonical = model.canonical.astype(np.float32).astype(np.float64)
    model.basis = model.basis.astype(np.float32).astype(np.float64)
    return model


def eight_bit(tape):
    """[N, K] -> int8 [N, K] and the scale of each column [K]."""
    scale = np.abs(tape).max(axis=0) / 127
    return np.round(tape / scale).astype(np.int8), scale.astype(np.float32)


def learnt_tensors(model, experts):
    """Named experts, tapes and numbers."""
    tensors = {}
    for name, expert in experts:
        tensors[f'{name}.weight'] = np.array([expert.get('weight', 1.0)], np.float32)
        for side in ('mouth', 'sound'):
            tensors[f'{name}.{side}.dilations'] = np.array(expert[side + '_dilations'], np.int32)
        for part in ('stem', 'mouth', 'sound'):
            for i, layer in enumerate(expert.get(part, ())):
                tensors[f'{name}.{part}.{i}.kernel'] = np.ascontiguousarray(layer['kernel'].astype(np.float16))
                tensors[f'{name}.{part}.{i}.bias'] = layer['bias'].astype(np.float32)
    for side, tape in (('mouth', model.mouth_tape), ('sound', model.sound_tape)):
        tensors[f'tape.{side}'], tensors[f'tape.{side}.scale'] = eight_bit(tape)
    for mode, numbers in model.numbers.items():
        for name, values in numbers.items():
            tensors[f'number.{mode}.{name}'] = np.atleast_1d(np.array(values, np.float32))
    return tensors


def all_tensors(model):
    named = [(f'expert{e}', expert) for e, expert in enumerate(model.experts)]
    return {'canonical': model.canonical.astype(np.float32), 'basis': model.basis.astype(np.float32),
            **learnt_tensors(model, named + ([('pixels', model.pixels)] if model.pixels else []))}


def save(model, path, metadata):
    save_file(all_tensors(model), path, metadata={k: str(v) for k, v in metadata.items()})


def save_adapted(model, folds, path, metadata):
    """A model with, under `fold0.` and so on, the differences of the models that leave out a part of its corpus."""
    tensors = all_tensors(model)
    for number, fold in enumerate(folds):
        own = learnt_tensors(fold, [('pixels', fold.pixels)])
        tensors.update({f'fold{number}.{name}': tensor for name, tensor in own.items()})
    save_file(tensors, path, metadata={k: str(v) for k, v in metadata.items()})


def load(path, fold=None):
    """fold: of an adapted model the one that left out a part of its corpus; None: the one trained on all of it."""
    with safe_open(path, 'numpy') as file:
        t = {k: file.get_tensor(k) for k in file.keys()}
    if fold is not None:
        t |= {k.removeprefix(f'fold{fold}.'): v for k, v in t.items() if k.startswith(f'fold{fold}.')}
    layers = lambda name, part: [{'kernel': t[f'{name}.{part}.{i}.kernel'].astype(np.float64),
                                  'bias': t[f'{name}.{part}.{i}.bias'].astype(np.float64)}
                                 for i in range(sum(k.startswith(f'{name}.{part}.') and k.endswith('.kernel')
                                                    for k in t))]

    def expert(name):
        made = {'weight': float(t[f'{name}.weight'][0])}
        for side in ('mouth', 'sound'):
            made[side + '_dilations'] = t[f'{name}.{side}.dilations'].tolist()
            made[side] = layers(name, side)
        return made
    experts = []
    while f'expert{len(experts)}.mouth.dilations' in t:
        experts.append(expert(f'expert{len(experts)}'))
    pixels = {**expert('pixels'), 'stem': layers('pixels', 'stem')} if 'pixels.weight' in t else None
    tape = lambda side: t[f'tape.{side}'].astype(np.float64) * t[f'tape.{side}.scale'].astype(np.float64)
    numbers = {}
    for key, values in t.items():
        if key.startswith('number.'):
            mode, _, name = key.removeprefix('number.').rpartition('.')
            numbers.setdefault(mode or 'landmarks', {})[name] = values.astype(np.float64)
    return Model(t['canonical'].astype(np.float64), t['basis'].astype(np.float64), experts, tape('mouth'),
                 tape('sound'), numbers, pixels)
