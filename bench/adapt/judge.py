"""judge.py PACKAGED ADAPTED CORPUS: the answers of both models for every clip of a synthetic corpus, with the truth, as CSV."""
import json
import sys
from dataclasses import asdict
from pathlib import Path

from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'training'))
from lip_offset import model_file, user_corpus  # noqa: E402
from lip_offset.adapt_checks import BETTER  # noqa: E402
from lip_offset.confidence import answered, confidence  # noqa: E402
from lip_offset.estimate import clip_evidences  # noqa: E402

packaged_file, adapted_file, folder = sys.argv[1:]
truth = json.loads((Path(folder) / 'truth.json').read_text())
with safe_open(adapted_file, 'numpy') as file:
    said = json.loads(file.metadata()['adapted'])
packaged = model_file.load(packaged_file)
folds = {number: model_file.load(adapted_file, number) for number in set(said['folds'].values())}
clips, lags = user_corpus.load(folder)
print('clip,talker,kind,condition,seconds,foreign,labelled,truth_ms,packaged_ms,packaged_confidence,packaged_answered,'
      'adapted_ms,adapted_confidence,adapted_answered')
for clip in clips:
    known = truth[clip.name]
    row = [clip.name, clip.talker, known['kind'], known['condition'], known['seconds'], int(known['foreign']),
           int(clip.name in lags), '' if known['lag'] is None else round(-1000 * known['lag'], 1)]
    for model in (packaged, folds[said['folds'][clip.identity]]):
        found = clip_evidences(model, clip)
        mode = next((m for m in BETTER if m in found), None)
        if mode is None:
            row += ['', '', 0]
            continue
        evidence, numbers = [asdict(found[mode])], model.numbers[mode]
        row += [round(evidence[0]['offset_ms'], 1), round(float(confidence(evidence, numbers)[0]), 3),
                int(answered(evidence, numbers)[0])]
    print(','.join(map(str, row)))
