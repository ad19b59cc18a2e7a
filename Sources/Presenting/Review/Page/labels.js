"use strict";
// The action labels of a session. The server determines their state and what is doubtful: every decision is stored before
// it is shown. A time is on the common timeline, except in requests and in `row`: there it is that of the label's camera.
const list = $("rows"), timeline = new Timeline($("timeline"));
let session = null, lanes = [], cameras = [], labels = [], byKey = new Map(), doubts = new Map(), laneDoubts = [], shown = [];
let now = null, edge = "start", chosen = null, head = 0, rate = 1, source = null, playing = null, readOnly = false, linked = true;
const MARK = { accepted: "accepted", changed: "changed", "wrong-text": "wrong label" };

const label = () => byKey.get(now) || null;
const laneOf = one => lanes[one.lane];
const isEnded = one => one.row.mark === "accepted" || one.row.mark === "wrong-text";
const isOpen = one => doubts.has(one.key) && !isEnded(one);
const why = one => (doubts.get(one.key) || []).map(doubt => doubt.words).join("; ");
// What is doubtful, short.
function short(doubt, one) {
  if (doubt.kind === "missing" && doubt.lane !== null) return "missing in " + lanes[doubt.lane].name;
  const by = doubt.offset_ms === null ? "" : Math.round(Math.abs(doubt.offset_ms)) + " ms " + (doubt.offset_ms < 0 ? "late" : "early"), at = doubt.edges[doubt.labels.indexOf(one.key)];
  return at ? at + " " + by : doubt.kind.replace(/-/g, " ") + (by ? ", " + by : "");
}
const kinds = one => [...new Set((doubts.get(one.key) || []).map(doubt => short(doubt, one)))].join("; ");
const onTimeline = (camera, t) => t + cameras[camera].offset_s + cameras[camera].drift_ppm * 1e-6 * t;
const own = (camera, t) => (t - cameras[camera].offset_s) / (1 + cameras[camera].drift_ppm * 1e-6);
const edgeTime = one => edge === "start" ? one.from_s : one.to_s;
// The camera that is played: the chosen one, else that of the label.
const camera = () => chosen !== null ? chosen : label() ? laneOf(label()).camera : 0;
const group = one => cameras[laneOf(one).camera].group;

async function load() {
  session = await get("api/session");
  lanes = session.lanes; cameras = session.cameras; readOnly = session.read_only;
  for (const id of ["accept", "wrong", "other", "split", "join", "insert", "undo", "redo", "write", "start-less", "start-more", "start-here", "end-less", "end-more", "end-here"]) $(id).disabled = readOnly;
  $("name").readOnly = readOnly;
  cameras.forEach((one, index) => { one.sound = new Sound("camera=" + index); });
  $("stage").replaceChildren(...cameras.map(figure));
  $("which").replaceChildren(...[["", "all"], ...lanes.map((lane, index) => [index, lane.name])].map(([value, words]) => {
    const option = document.createElement("option");
    option.value = value; option.textContent = words;
    return option;
  }));
  const files = [...new Set(lanes.map(lane => lane.file))];
  $("file").textContent = files.length + " file" + (files.length > 1 ? "s" : "") + ", " + cameras.length + " camera" + (cameras.length > 1 ? "s" : "");
  document.title = "Genlock review: " + files[0].split("/").pop();
  take(session.state);
  const missing = cameras.find(one => one.missing), stale = lanes.find(lane => lane.stale), fixed = lanes.find(lane => lane.reason);
  choose(shown.length ? shown[0].key : null);
  if (missing) note(missing.missing + ": only the labels can be changed", true);
  else if (stale) note(stale.stale + " decisions were made on an earlier version of " + stale.file + " and are not applied.", true);
  else if (fixed) note("Labels of " + fixed.file + " can be accepted or marked, but not changed: " + fixed.reason + ".", true);
  document.body.dataset.ready = labels.length;
}
function figure(one, index) {
  const box = document.createElement("figure"), words = document.createElement("figcaption");
  words.textContent = (cameras.length > 1 && index < 9 ? index + 1 + "  " : "") + one.name;
  let inside;
  if (one.has_pictures) {
    inside = one.video = document.createElement("video");
    inside.muted = true; inside.playsInline = true; inside.preload = "auto";
    if (one.plays) inside.src = "media?camera=" + index;
  } else { inside = document.createElement("div"); inside.className = "blank"; inside.textContent = one.has_sound ? "sound only" : "cannot be played"; }
  box.append(inside, words);
  box.onclick = () => pick(index);
  one.box = box;
  return box;
}

// The state of all labels, as the server has it.
function take(state) {
  session.revisions = state.revisions;
  labels = state.labels;
  byKey = new Map(labels.map(one => [one.key, one]));
  doubts = new Map(); laneDoubts = [];
  for (const doubt of state.doubts) {
    if (!doubt.labels.length) laneDoubts.push(doubt);
    for (const key of doubt.labels) doubts.set(key, (doubts.get(key) || []).concat(doubt));
  }
  const names = [...new Set(labels.map(one => one.row.text))].sort();
  if (names.join("\n") !== take.names) {
    take.names = names.join("\n");
    $("names").replaceChildren(...names.map(name => { const option = document.createElement("option"); option.value = name; return option; }));
  }
  timeline.layout(lanes, labels);
  tell();
  draw();
}
function tell() {
  const parts = [];
  const apart = cameras.filter(one => one.group !== cameras[0].group);
  if (cameras.length > 1) {
    parts.push({ given: "Cameras placed by the given clocks", measured: "Cameras placed by what they show and hear", assumed: "Cameras assumed to start together", single: "" }[session.placement] + ": "
      + cameras.filter(one => one.group === cameras[0].group).map(one => one.name + " at " + clock(one.offset_s)).join(", ") + ".");
    if (apart.length) parts.push("Not on this timeline, and not compared with it: " + apart.map(one => one.name).join(", ") + ".");
  }
  for (const doubt of laneDoubts) parts.push((doubt.lane !== null ? lanes[doubt.lane].name + ": " : "") + doubt.words + ". " + doubt.remedy + ".");
  $("verdict").textContent = parts.join(" ");
  document.body.dataset.laneDoubts = laneDoubts.length;
}
function cells(one) {
  const parts = [["t", clock(one.from_s)], ["l", (one.to_s - one.from_s).toFixed(2)], ["w", one.row.text || "(no name)"], ["n", laneOf(one).name], ["f", kinds(one)], ["m", one.row.mark ? MARK[one.row.mark] : ""]];
  return parts.map(([name, words]) => {
    const span = document.createElement("span");
    span.className = name;
    if (name === "w") { const dot = document.createElement("i"); dot.style.background = colour(one.row.text, true); span.append(dot, words); } else span.textContent = words;
    return span;
  });
}
const spokenLabel = one => one.row.text + " of " + laneOf(one).name + " at " + spoken(one.from_s) + ", " + (one.to_s - one.from_s).toFixed(2) + " s" + (doubts.has(one.key) ? ". Doubtful: " + why(one) : "") + (one.row.mark ? ". " + MARK[one.row.mark] + (one.row.by ? " by " + one.row.by : "") : "");
function dress(item, one) {
  item.className = (one.row.mark || "") + (doubts.has(one.key) ? " doubt" : "") + (isOpen(one) ? " open" : "") + (one.key === now ? " now" : "");
  item.setAttribute("aria-selected", one.key === now);
  item.setAttribute("aria-label", spokenLabel(one));
  item.replaceChildren(...cells(one));
}
const items = new Map();
const signature = one => JSON.stringify([one, kinds(one), why(one), one.key === now]);
function draw() {
  const lane = $("which").value, only = $("only").checked;
  shown = labels.filter(one => (lane === "" || one.lane === Number(lane)) && (!only || isOpen(one) || one.key === now));
  const keys = shown.map(one => one.key).join(" ");
  if (keys !== draw.keys) {
    draw.keys = keys;
    items.clear();
    list.replaceChildren(...shown.map(one => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = "row-" + one.key;
      item.onclick = () => choose(one.key);
      items.set(one.key, { item, is: "" });
      return item;
    }));
  }
  for (const one of shown) {
    const kept = items.get(one.key), is = signature(one);
    if (kept.is !== is) { kept.is = is; dress(kept.item, one); }
  }
  const decided = labels.filter(one => one.row.mark).length, open = labels.filter(isOpen).length;
  $("progress").textContent = decided + " of " + labels.length + " decided, " + open + " doubtful open" + (readOnly ? ", read only" : "");
  document.body.dataset.decided = decided;
  document.body.dataset.open = open;
}
function choose(key, at) {
  now = key;
  draw();
  const kept = items.get(key), one = label();
  document.body.dataset.now = key === null ? "" : key;
  if (kept) { kept.item.scrollIntoView({ block: "nearest" }); list.setAttribute("aria-activedescendant", kept.item.id); }
  if (one) {
    stop();
    edge = at || doubtfulEdge(one) || "start";
    look();
  }
  show();
}
// The edge that a doubt of a label is about.
function doubtfulEdge(one) {
  for (const doubt of doubts.get(one.key) || []) { const place = doubt.labels.indexOf(one.key); if (doubt.edges[place]) return doubt.edges[place]; }
  return null;
}
function look() {
  head = edgeTime(label());
  timeline.centre(head);
  showPictures();
  listen(head - AROUND, head + AROUND);
}
// Reads the sound around the playhead, unless another label is selected at once.
let listening = 0;
function listen(from, to) {
  clearTimeout(listening);
  listening = setTimeout(() => {
    const number = camera(), one = cameras[number];
    if (!one || !one.has_sound || own(number, to) <= 0) return;
    one.sound.hear(Math.max(0, own(number, from)), own(number, to)).then(() => { document.body.dataset.sound = number; drawTimeline(); }).catch(() => {});
  }, 120);
}
function step(by) {
  if (!shown.length) return;
  const place = shown.findIndex(one => one.key === now);
  choose(shown[Math.max(0, Math.min(shown.length - 1, (place < 0 ? 0 : place) + by))].key);
}
// The next open label of the listed lanes, from the selected one on; null: none.
function nextOpen(by) {
  const lane = $("which").value, all = labels.filter(one => lane === "" || one.lane === Number(lane)), place = all.findIndex(one => one.key === now);
  for (let i = 1; i <= all.length; i++) {
    const one = all[(place + by * i + all.length * 2) % all.length];
    if (isOpen(one)) return one;
  }
  return null;
}
function toDoubt(by) {
  const one = nextOpen(by);
  if (one) { choose(one.key); note(why(one)); } else note("No doubtful label is open.");
}
function otherEdge() { const one = label(); if (!one) return; stop(); edge = edge === "start" ? "end" : "start"; look(); show(); note(edge + " at " + spoken(edgeTime(one))); }
function pick(number) {
  if (number !== null && !cameras[number]) return;
  stop();
  chosen = number;
  showPictures(); listen(head - AROUND, head + AROUND); show();
  note(number === null ? "the camera of each label" : "camera " + cameras[number].name);
}

// The same label in another lane: the one that overlaps it most, if possible of the same name.
function counterpart(one, lane) {
  let best = null, most = -1;
  for (const other of labels) {
    if (other.lane !== lane) continue;
    const shared = Math.min(one.to_s, other.to_s) - Math.max(one.from_s, other.from_s), whole = Math.max(one.to_s, other.to_s) - Math.min(one.from_s, other.from_s), apart = Math.abs(one.from_s - other.from_s);
    if (shared <= 0 && apart > 0.5) continue;
    const score = (whole > 0 ? Math.max(0, shared) / whole : 1) + (other.row.text === one.row.text ? 0.5 : 0) - 0.1 * Math.min(1, apart);
    if (score > most) { most = score; best = other; }
  }
  return best;
}
function others(one) {
  return lanes.map((lane, index) => ({ lane, index })).filter(({ lane, index }) => index !== one.lane && cameras[lane.camera].group === group(one) && lane.tier === laneOf(one).tier)
    .map(({ lane, index }) => ({ lane, index, other: counterpart(one, index) }));
}
function difference(one, other) {
  if (!other) return "nothing there";
  const parts = [], start = other.from_s - one.from_s, end = other.to_s - one.to_s;
  if (Math.abs(start) > APART) parts.push("starts " + size(start * 1000));
  if (Math.abs(end) > APART) parts.push("ends " + size(end * 1000));
  if (other.row.text !== one.row.text) parts.push("is called " + other.row.text);
  return parts.join(", ") || "the same";
}
function toOther() {
  const one = label();
  if (!one) return;
  const found = others(one).filter(({ other }) => other);
  if (!found.length) { note("No other lane has a label there."); return; }
  const next = found.find(({ index }) => index > one.lane) || found[0];
  choose(next.other.key, edge);
  note(next.lane.name + ": " + next.other.row.text);
}

// The selected label.
function show() {
  const one = label();
  $("head").textContent = head.toFixed(3);
  $("start").textContent = one ? clock(one.from_s) : "";
  $("end").textContent = one ? clock(one.to_s) : "";
  if (document.activeElement !== $("name")) $("name").value = one ? one.row.text : "";
  const parts = [];
  if (one) {
    const lane = laneOf(one);
    parts.push(["where", lane.name + ", line " + one.row.line + " of " + lane.file + (one.row.speaker ? ", " + one.row.speaker : "")]);
    for (const doubt of doubts.get(one.key) || []) parts.push(["doubtful", doubt.words + (doubt.remedy ? ". To do: " + doubt.remedy : "")]);
    const found = others(one);
    const told = new Map();
    for (const { lane, other } of found) { const words = difference(one, other); told.set(words, (told.get(words) || []).concat(lane.name)); }
    if (found.length) parts.push(["others", [...told].map(([words, names]) => names.join(", ") + ": " + words).join("; ")]);
    if (one.row.mark) parts.push(["decided", MARK[one.row.mark] + (one.row.by ? " by " + one.row.by : "")]);
    if (!one.row.can) parts.push(["format", "it can be accepted or marked, but not changed: " + (lane.reason || "the file has no separate place for it")]);
  }
  $("detail").replaceChildren(...parts.flatMap(([name, words]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name; dd.textContent = words;
    if (name === "doubtful") dd.className = "doubt";
    return [dt, dd];
  }));
  const can = one ? one.row.can : "", ms = one ? Math.round(grain(one) * 1000) : 10;
  for (const [id, sign] of [["start-less", "\u2212"], ["start-more", "+"], ["end-less", "\u2212"], ["end-more", "+"]]) $(id).lastChild.textContent = " " + sign + ms + " ms";
  if (!readOnly) {
    for (const id of ["start-less", "start-more", "start-here"]) $(id).disabled = !can.includes("s");
    for (const id of ["end-less", "end-more", "end-here"]) $(id).disabled = !can.includes("e");
    for (const id of ["split", "join", "insert"]) $(id).disabled = !can.includes("d");
    for (const id of ["accept", "wrong", "other"]) $(id).disabled = !one;
    $("name").readOnly = !can.includes("t");
  }
  if (!playing) $("play").lastElementChild.textContent = "Play the " + edge;
  $("edge").lastElementChild.textContent = edge === "start" ? "To the end" : "To the start";
  cameras.forEach((each, index) => each.box.classList.toggle("on", index === camera()));
  document.body.dataset.edge = edge;
  document.body.dataset.camera = cameras.length ? camera() : "";
  drawTimeline();
}
function extent() {
  const one = label(), same = one ? labels.filter(other => group(other) === group(one)) : labels;
  return { start: Math.min(0, ...same.map(one => one.from_s)), end: Math.max(1, ...same.map(one => one.to_s)) };
}
function drawTimeline() {
  if (!session) return;
  const one = label(), number = camera(), each = cameras[number], { start, end } = extent();
  const offers = one ? (doubts.get(one.key) || []).flatMap(doubt => doubt.offers.filter(offer => offer.label === one.key && offer.missing_in === null)).flatMap(offer => [offer.start_s, offer.end_s]).filter(t => t !== null).map(t => onTimeline(laneOf(one).camera, t)) : [];
  timeline.draw({
    now, edge, head, start, end, doubt: isOpen, offers, cameraName: each ? each.name : "",
    peaks: each && each.has_sound ? (from, span, width) => each.sound.peaks(own(number, from), own(number, from + span) - own(number, from), width, each.duration_s) : null,
  });
}

// Playing: the chosen camera with its sound; the others run along where the browser can play them.
function place() {
  if (!playing) return head;
  const clockNow = playing.audio ? audio.currentTime - (audio.outputLatency || 0) : performance.now() / 1000;
  return Math.min(playing.to, Math.max(playing.from, playing.from + (clockNow - playing.began) * rate));
}
function stop() {
  if (!playing) return;
  head = place();
  if (source) { source.onended = null; try { source.stop(); } catch { } source.disconnect(); source = null; }
  playing = null;
  for (const one of cameras) if (one.video) one.video.pause();
  $("play").lastElementChild.textContent = "Play the " + edge;
}
async function play(from, to, words) {
  const number = camera(), one = cameras[number], key = now;
  // Only what the camera recorded.
  const least = own(number, from), most = own(number, to), a = Math.max(0, least), b = one.duration_s ? Math.min(one.duration_s, most) : most;
  if (b <= a) { note(one.name + " was not recording then.", true); return; }
  let piece = null;
  if (one.has_sound) try { piece = await one.sound.hear(a, b); } catch (error) { note(error.message, true); }
  if (key !== now || number !== camera()) return;
  if (!piece && !one.has_pictures) { note(one.name + " cannot be played.", true); return; }
  stop();
  head = onTimeline(number, a);
  playing = { from: head, to: onTimeline(number, b), audio: !!piece, began: 0 };
  showPictures();
  if (piece) { source = Sound.play(piece, a, b, rate); playing.began = audio.currentTime; } else playing.began = performance.now() / 1000;
  cameras.forEach((each, index) => { if (each.video && (each.plays || index === number) && isRecording(index)) { each.video.playbackRate = rate; each.video.play().catch(() => {}); } });
  $("play").lastElementChild.textContent = "Stop";
  note(words + " in " + one.name);
  document.body.dataset.played = (Number(document.body.dataset.played) || 0) + 1;
  document.body.dataset.playedFrom = playing.from.toFixed(3);
  document.body.dataset.playedTo = playing.to.toFixed(3);
}
const playEdge = () => { const one = label(); if (playing) { stop(); show(); } else if (one) play(edgeTime(one) - AROUND, edgeTime(one) + AROUND, "the " + edge + " of " + one.row.text); };
const playWhole = () => { const one = label(); if (playing) { stop(); show(); } else if (one) play(one.from_s - AROUND, one.to_s + AROUND, one.row.text); };
function isRecording(number) { const t = own(number, head), one = cameras[number]; return t >= 0 && (!one.duration_s || t <= one.duration_s); }
let later = 0;
function showPictures() {
  clearTimeout(later);
  cameras.forEach((one, index) => one.box.classList.toggle("out", !isRecording(index)));
  cameras.forEach((one, index) => { if (one.video && (one.plays || index === camera())) showPicture(index); });
  // Pieces of the others are made when nobody is in a hurry.
  later = setTimeout(() => cameras.forEach((one, index) => { if (one.video && !one.plays && index !== camera() && !playing) showPicture(index); }), 400);
}
function showPicture(number) {
  const one = cameras[number], t = Math.max(0, own(number, head));
  if (!isRecording(number)) return;
  if (one.plays) { if (Math.abs(one.video.currentTime - t) > 0.02) one.video.currentTime = t; return; }
  const start = Math.max(0, Math.floor(t / 10) * 10);
  if (one.piece !== start) { one.piece = start; one.video.src = "play?camera=" + number + "&from=" + start + "&length=20"; }
  one.video.currentTime = t - start;
}
function tick() {
  if (playing) {
    head = place();
    if (head >= playing.to - 1e-3) { stop(); showPictures(); }
    $("head").textContent = head.toFixed(3);
    timeline.follow(head);
    drawTimeline();
  }
  requestAnimationFrame(tick);
}
function moveHead(by) {
  stop();
  head = Math.round((head + by) * 1000) / 1000;
  timeline.follow(head);
  showPictures(); show();
  note("playhead " + head.toFixed(3) + " s");
}

// Decisions: one after another, each is stored before the next request.
let queue = Promise.resolve();
const done = () => { document.body.dataset.done = (Number(document.body.dataset.done) || 0) + 1; };
function decide(make) {
  queue = queue.then(async () => {
    if (readOnly) { note("This page is read-only.", true); return; }
    const one = label();
    if (!one) return;
    const made = make(one);
    if (!made) return;
    const lane = made.lane === undefined ? one.lane : made.lane;
    try {
      const answer = await send("api/edit", { lane, revision: session.revisions[lanes[lane].n], item: one.row.id, ...made.body });
      take(answer);
      if (made.isNew || !byKey.has(now)) choose(made.isNew && byKey.has(answer.made) ? answer.made : answer.key);
      else show();
      note(made.words(label()));
      if (made.then) made.then();
      show();
    } catch (error) {
      if (error.status === 409) { take(await get("api/state")); if (!byKey.has(now)) choose(shown.length ? shown[0].key : null); show(); }
      note(error.message, true);
    }
    done();
  });
}
// The finest step in which a label can move: 10 ms, or a frame where its file counts frames.
const grain = one => laneOf(one).step_s > 0.01 ? laneOf(one).step_s : 0.01;
function snapped(one, t) { const step = laneOf(one).step_s; return Math.max(0, step > 0.01 ? Math.round(t / step) * step : Math.round(t * 1e4) / 1e4); }
// The label of the same lane that touches an edge, and can move with it.
function touching(one, name) {
  if (!linked) return null;
  const found = labels.filter(other => other.lane === one.lane && other.key !== one.key && Math.abs(name === "start" ? other.row.end_s - one.row.start_s : other.row.start_s - one.row.end_s) < 1e-3);
  return found.length === 1 && found[0].row.can.includes(name === "start" ? "e" : "s") ? found[0] : null;
}
function moved(one, name, t, words) {
  const beside = touching(one, name);
  return {
    body: { action: "change", [name + "_s"]: snapped(one, t), ...(beside ? { with: beside.row.id } : {}) },
    words: () => { const one = label(), at = name === "start" ? one.from_s : one.to_s; return name + " " + clock(at) + ", " + words + (beside ? ", and " + beside.row.text + " with it" : ""); },
    then: () => { edge = name; const one = label(); if (one && !playing) { head = edgeTime(one); timeline.follow(head); showPictures(); } },
  };
}
const nudge = (name, sign) => decide(one => moved(one, name, one.row[name + "_s"] + sign * grain(one), Math.round(grain(one) * 1000) + " ms " + (sign < 0 ? "earlier" : "later")));
const setEdge = name => { const at = place(); decide(one => moved(one, name, own(laneOf(one).camera, at), "at the playhead")); };
// After accepting or rejecting a label the next open one is selected, or the next one if none is open.
function goOn() { const one = nextOpen(1); if (one) choose(one.key); else step(1); }
const accept = () => decide(() => ({ body: { action: "accept" }, words: () => "accepted", then: goOn }));
const wrong = () => decide(() => ({ body: { action: "wrong-text" }, words: () => "marked as a wrong label", then: goOn }));
const asOthers = () => decide(one => {
  const offers = (doubts.get(one.key) || []).flatMap(doubt => doubt.offers.filter(offer => offer.label === one.key));
  const lacking = offers.find(offer => offer.missing_in !== null);
  if (lacking) {
    const lane = lacking.missing_in, near = labels.find(other => other.lane === lane && other.row.can.includes("d"));
    if (!near) { note("Labels cannot be added to " + lanes[lane].name + ".", true); return null; }
    return { lane, body: { item: near.row.id, action: "insert", start_s: snapped(near, lacking.start_s), end_s: snapped(near, lacking.end_s), text: lacking.text }, words: one => one.row.text + " added to " + lanes[lane].name, isNew: true };
  }
  const change = {};
  for (const offer of offers) {
    if (offer.start_s !== null) change.start_s = offer.start_s;
    if (offer.end_s !== null) change.end_s = offer.end_s;
    if (offer.text !== null) change.text = offer.text;
  }
  if (!offers.length) {
    // Without a finding: as the only other lane that has it, or the other annotator of the camera.
    let found = others(one).filter(({ other }) => other && difference(one, other) !== "the same");
    if (found.length > 1) found = found.filter(({ lane }) => lane.camera === laneOf(one).camera);
    if (found.length !== 1) { note(found.length ? "Several others differ: set it by hand." : "The others do not differ here.", true); return null; }
    const { other } = found[0], number = laneOf(one).camera;
    if (Math.abs(other.from_s - one.from_s) > APART) change.start_s = own(number, other.from_s);
    if (Math.abs(other.to_s - one.to_s) > APART) change.end_s = own(number, other.to_s);
    if (other.row.text !== one.row.text) change.text = other.row.text;
  }
  if (change.text === undefined && (change.start_s === undefined) !== (change.end_s === undefined)) {
    const name = change.start_s === undefined ? "end" : "start";
    return moved(one, name, change[name + "_s"], "as the others have it");
  }
  for (const name of ["start_s", "end_s"]) if (change[name] !== undefined) change[name] = snapped(one, change[name]);
  return { body: { action: "change", ...change }, words: () => "as the others have it" };
});
const split = () => { const at = place(); decide(one => {
  const t = snapped(one, own(laneOf(one).camera, at)), middle = snapped(one, (one.row.start_s + one.row.end_s) / 2), time = t > one.row.start_s + 0.009 && t < one.row.end_s - 0.009 ? t : middle;
  return { body: { action: "split", time_s: time, text: one.row.text, second: one.row.text }, words: () => "split at " + clock(onTimeline(laneOf(one).camera, time)) };
}); };
const join = () => decide(one => ({ body: { action: "merge", text: one.row.text }, words: one => "joined, to " + clock(one.to_s) }));
// From the playhead to the next label of the lane, a second at most.
const insert = () => { const at = place(); decide(one => {
  const start = snapped(one, own(laneOf(one).camera, at)), alike = labels.filter(other => other.lane === one.lane), next = alike.map(other => other.row.start_s).filter(t => t > start).sort((a, b) => a - b)[0];
  const end = snapped(one, Math.min(start + 1, next === undefined ? Infinity : next));
  if (end - start < Math.max(0.05, laneOf(one).step_s)) { note("There is no room before the next label.", true); return null; }
  return { body: { action: "insert", start_s: start, end_s: end, text: "new label" }, words: one => "new label from " + clock(one.from_s) + " to " + clock(one.to_s), isNew: true, then: rename };
}); };
function turn(path, words, nothing) {
  queue = queue.then(async () => {
    try {
      const back = await send(path, {});
      if (back) { take(back); choose(byKey.has(back.key) ? back.key : byKey.has(now) ? now : shown.length ? shown[0].key : null, edge); note(words + ": " + back.action.replace("wrong-text", "wrong label")); }
      else note(nothing);
    } catch (error) { note(error.message, true); }
    done();
  });
}
const undo = () => turn("api/undo", "undone", "There is nothing to undo.");
const redo = () => turn("api/redo", "redone", "There is nothing to redo.");
function write() {
  queue = queue.then(async () => {
    try { const answer = await send("api/write", {}); note(answer.paths.length ? "written: " + answer.paths.join(", ") : "Nothing is decided yet: no file is written."); } catch (error) { note(error.message, true); }
    done();
  });
}
function rename() { const box = $("name"); box.focus(); box.select(); }
function keepName() {
  const words = $("name").value.trim(), key = now;
  list.focus();
  decide(() => { const one = byKey.get(key); return one && words && words !== one.row.text ? { body: { item: one.row.id, action: "change", text: words }, lane: one.lane, words: () => "renamed to " + words } : null; });
}
function setSlow() { rate = rate === 1 ? 0.5 : 1; $("slow").setAttribute("aria-pressed", rate !== 1); note(rate === 1 ? "normal speed" : "half speed"); if (playing) { stop(); playEdge(); } }
function setLinked() { linked = !linked; $("link").setAttribute("aria-pressed", linked); note(linked ? "Labels that touch move together." : "Each label moves alone."); }
function zoom(by) { const { start, end } = extent(), at = head; timeline.zoom(by, (end - start) * 1.1); timeline.centre(at); drawTimeline(); note(timeline.span.toFixed(1) + " s in view"); }
const say = () => { const one = label(); if (one) note(spokenLabel(one) + ". The " + edge + " is selected, playhead " + spoken(place()) + ", camera " + cameras[camera()].name + "."); };

const actions = {
  " ": playEdge, p: playWhole, f: otherEdge, a: accept, w: wrong, b: asOthers, t: toOther, i: insert, c: split, j: join, u: undo, r: redo, v: write, q: setSlow, l: setLinked, h: say,
  z: () => nudge("start", -1), x: () => nudge("start", 1), n: () => nudge("end", -1), m: () => nudge("end", 1),
  s: () => setEdge("start"), e: () => setEdge("end"), enter: rename, "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => pick(null),
  arrowdown: () => step(1), arrowup: () => step(-1), pagedown: () => step(10), pageup: () => step(-10), home: () => step(-1e9), end: () => step(1e9),
};
document.onkeydown = event => {
  const key = event.key.toLowerCase();
  if (event.target === $("name")) {
    if (event.key === "Escape") { $("name").value = label() ? label().row.text : ""; list.focus(); event.preventDefault(); }
    else if (event.key === "Enter") { event.preventDefault(); keepName(); }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && key === "z") { event.preventDefault(); event.shiftKey ? redo() : undo(); return; }
  if ((event.ctrlKey || event.metaKey) && key === "y") { event.preventDefault(); redo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Buttons, boxes and the lane selector keep their own keys.
  if (["BUTTON", "SELECT", "INPUT"].includes(event.target.tagName) && [" ", "enter", "arrowdown", "arrowup"].includes(key)) return;
  const action = key === "arrowleft" ? () => moveHead(event.shiftKey ? -0.1 : -0.01) : key === "arrowright" ? () => moveHead(event.shiftKey ? 0.1 : 0.01)
    : key === "d" ? () => toDoubt(event.shiftKey ? -1 : 1) : /^[1-9]$/.test(key) ? () => pick(Number(key) - 1) : actions[key];
  if (!action) return;
  event.preventDefault();
  action();
};
const buttons = { play: playEdge, "play-whole": playWhole, edge: otherEdge, slow: setSlow, link: setLinked, accept, wrong, other: asOthers, split, join, insert, undo, redo, write, "next-doubt": () => toDoubt(1),
  "start-less": actions.z, "start-more": actions.x, "end-less": actions.n, "end-more": actions.m, "start-here": actions.s, "end-here": actions.e };
for (const [id, action] of Object.entries(buttons)) $(id).onclick = action;
$("only").onchange = $("which").onchange = () => { draw(); choose(shown.some(one => one.key === now) ? now : shown.length ? shown[0].key : null); };
$("name").onblur = () => { const one = label(); if (one && $("name").value.trim() !== one.row.text) keepName(); };
$("timeline").onclick = event => {
  const key = timeline.at(event.offsetX, event.offsetY);
  if (key !== null && key !== now) { choose(key); return; }
  if (event.offsetX < GUTTER) return;
  stop(); head = Math.round(timeline.time(event.offsetX) * 1000) / 1000; showPictures(); show();
};
window.onresize = drawTimeline;
load().then(() => list.focus()).catch(error => note(error.message, true));
tick();
