"""A corpus as `genlock adapt` writes one, from features of clips left out by a fold model: windows, moved and made worse."""
import json, sys
from pathlib import Path
import numpy as np
sys.path.insert(0,'/tmp/w/ov/adapt/mnt/training')
from lip_offset import corpus, estimate, model_file, sound, trials, mouth
from lip_offset.confidence import answered, confidence
from lip_offset.folds import FOLDS, split
from safetensors.numpy import save_file

def main(features, folds, fold, out, count, foreign=0.0, late=0.0, seed=5, kinds=('wild','grid')):
    rng=np.random.default_rng(seed); out=Path(out); out.mkdir(parents=True,exist_ok=True)
    model=model_file.load(Path(folds)/f'{fold}.safetensors')
    clips=[c for c in corpus.load_clips(features) if c.kind!='no-speech' and c.kind in kinds]
    kept,left=split(clips,fold)
    wild=[c for c in left if c.kind=='wild']; grid=[c for c in left if c.kind=='grid']
    own={}
    for c in wild:
        found=estimate.clip_evidences(model,c)
        if 'both' in found: own[c.name]=-found['both'].offset_ms/1000
    which=np.array(sorted({*mouth.STABLE_POINTS.tolist(),*mouth.MOVING_POINTS.tolist(),1,234,454}))
    lines=[]; truth={}
    # by talker in turn; s1 has 90 clips: as many as others
    talkers={}
    for c in wild+grid: talkers.setdefault(c.talker,[]).append(c)
    names=sorted(talkers)
    n=0
    while n<count:
        t=names[n%len(names)]; c=talkers[t][int(rng.integers(len(talkers[t])))]
        seconds=float(rng.choice([2.5,3,3,4,5,7])) if c.kind=='wild' else 3.0
        piece=trials.own_window(c,seconds,rng)
        cond='clean' if rng.random()<.5 else trials.CONDITIONS[int(rng.integers(len(trials.CONDITIONS)))]
        others=[x.samples for x in wild+grid if x.talker!=t]
        is_foreign=rng.random()<foreign
        if is_foreign:
            o=others[int(rng.integers(len(others)))].astype(np.float64)
            piece=trials.with_sound(piece,np.resize(np.roll(o,-int(rng.integers(len(o)))),len(piece.samples)))
        piece=trials.degraded(piece,cond,others,rng)
        move=float(np.round(rng.normal(0,60)))+late
        piece.samples=trials.moved(piece.samples,move)
        f=estimate.evidences_of(model,*estimate.pieces_of(model,piece),sound.sound_features(piece.samples),trials.view_of(piece))
        mode=next((m for m in('both','pixels','landmarks') if m in f),None)
        if mode is None: n+=1; names=names; continue
        from dataclasses import asdict
        row=asdict(f[mode]); isa=bool(answered([row],model.numbers[mode])[0]); conf=float(confidence([row],model.numbers[mode])[0])
        name=f'{n:04d}-{c.name}'
        lag=-row['offset_ms']/1000 if isa and conf>=.8 else None
        if isa and lag is None: n+=1; continue
        truth[name]={'lag':None if is_foreign or c.kind=='wild' and c.name not in own else (own.get(c.name,0.0))+move/1000,'foreign':bool(is_foreign),'kind':c.kind,'condition':cond,'seconds':seconds,'packaged_answered':isa,'packaged_ms':row['offset_ms']}
        save_file({'times':piece.times.astype(np.float64),'crops':np.ascontiguousarray(piece.crops),'seen':piece.seen.astype(np.uint8),'side':np.nan_to_num(piece.width).astype(np.float32),'which':which.astype(np.int32),'points':np.ascontiguousarray(piece.landmarks[:,which]).astype(np.float32),'audio':(np.clip(piece.samples,-1,1)*32767).astype(np.int16)},out/f'{n}.safetensors')
        lines.append({'file':f'{n}.safetensors','name':name,'identity':name,'talker':c.talker,'lag':lag}); n+=1
    (out/'clips.jsonl').write_text(''.join(json.dumps(l)+'\n' for l in lines)); (out/'truth.json').write_text(json.dumps(truth))
    print(fold,len(lines),'clips',len(names),'talkers',sum(l['lag'] is not None for l in lines),'labelled',sum(t['foreign'] for t in truth.values()),'foreign')
if __name__=='__main__':
    a=sys.argv; main(a[1],a[2],a[3],a[4],int(a[5]),float(a[6]) if len(a)>6 else 0.0,float(a[7]) if len(a)>7 else 0.0)
