"use strict";
// A text item by item. The server determines its state and the possible actions: every decision is stored before it is
// shown. Audio is played from a buffer on the audio clock; the video plays muted.
const video = $("video"), list = $("rows");
let all = null, n = 0, text = null, rows = [], shown = [], doubts = new Map(), gaps = [], now = null, revision = [0, 0];
let beside = null, pairs = new Map(), alone = [];
let head = 0, rate = 1, sound = null, source = null, playing = null, ticket = 0, readOnly = false;
const post = (path, body) => send(path, { n, ...body });

const WHY = {
  moved: "the audio has it at another time", doubtful: "not found in the audio there", "wrong-text": "other words are heard there",
  "no-speech": "nobody speaks there", overlap: "overlaps with its neighbour", "too-fast": "too fast to be said or read",
  "out-of-order": "out of order", "past-end": "past the end of the recording", extra: "the other text has no such item",
};
const MARK = { accepted: "accepted", changed: "changed", "wrong-text": "wrong text" };

const doubt = row => doubts.get(row.n);
// By how many ms the audio has it at another time, if that is certain enough; else null.
const movedBy = row => { const one = doubt(row); return one && one.flags.includes("moved") ? one.offset_ms : null; };
// For two texts of one recording: how the other one differs, in words; "" if it does not.
const plain = words => words.toLowerCase().replace(/<[^>]*>/g, "").replace(/[^\p{L}\p{N}]/gu, "");
function unlike(row) {
  if (!beside || row.isOther) return row.isOther ? "only the other text has it" : "";
  const other = pairs.get(row.id);
  if (!other) return "the other text has nothing there";
  const parts = [], start = other.start_s - row.start_s, end = other.end_s - row.end_s;
  if (Math.abs(start) > APART) parts.push("starts " + size(start * 1000));
  if (Math.abs(end) > APART) parts.push("ends " + size(end * 1000));
  if (plain(other.text) !== plain(row.text)) parts.push("says \"" + other.text.replace(/\n/g, " / ") + "\"");
  return parts.length ? "the other " + parts.join(", ") : "";
}
const isOpen = row => (!!doubt(row) || !!unlike(row)) && !row.mark && !row.isOther;
function why(row) {
  const told = flagged(row), other = unlike(row);
  return told && other ? told + "; " + other : told || other;
}
function flagged(row) {
  const one = doubt(row);
  if (!one) return "";
  return one.flags.map(flag => flag === "moved" && one.offset_ms !== null ? "the audio has it " + size(one.offset_ms) : WHY[flag] || flag).join("; ");
}
const short = row => { const one = doubt(row); return one ? one.flags.map(flag => flag === "moved" && one.offset_ms !== null ? "moved " + Math.round(one.offset_ms) + " ms" : flag).join(", ") : ""; };

// The list.
async function load() {
  all = await get("api/texts");
  readOnly = all.read_only;
  for (const id of ["accept", "wrong", "take", "other", "split", "join", "insert", "undo", "redo", "write", "start-less", "start-more", "start-here", "end-less", "end-more", "end-here"]) $(id).disabled = readOnly;
  $("text").readOnly = readOnly;
  const which = $("which");
  which.hidden = all.texts.length < 2;
  which.replaceChildren(...all.texts.map((one, index) => {
    const option = document.createElement("option");
    option.value = index;
    option.textContent = one.file + " (" + one.decided + " of " + one.items + " decided)";
    return option;
  }));
  await open(0);
}
// Texts of the same recording can be shown side by side; two are by default.
function offerBeside() {
  const others = all.texts.map((one, index) => ({ one, index })).filter(({ one, index }) => index !== n && one.media === all.texts[n].media);
  $("beside-label").hidden = !others.length;
  $("other").hidden = $("other-keys").hidden = !others.length;
  const none = document.createElement("option");
  none.value = ""; none.textContent = "no other";
  const was = $("beside").value;
  $("beside").replaceChildren(none, ...others.map(({ one, index }) => {
    const option = document.createElement("option");
    option.value = index; option.textContent = one.file;
    return option;
  }));
  $("beside").value = offerBeside.isSet ? (others.some(({ index }) => String(index) === was) ? was : "") : others.length ? others[0].index : "";
}
async function lookBeside() {
  beside = null; pairs = new Map(); alone = [];
  if ($("beside").value !== "") {
    const got = await get("api/beside?n=" + n + "&other=" + $("beside").value);
    beside = got.file;
    for (const one of got.pairs) pairs.set(one.of, one);
    alone = got.alone.map(one => ({ ...one, id: "other-" + one.id, n: -1, isOther: true, can: "", mark: null, line: "", by: null }));
  }
  document.body.dataset.beside = beside || "";
}
const every = () => alone.length ? rows.concat(alone).sort((a, b) => a.start_s - b.start_s) : rows;
async function open(number, keep) {
  const mine = ++ticket;
  stop();
  n = number;
  const got = await get("api/text?n=" + n);
  if (mine !== ticket) return;
  text = got;
  $("which").value = n;
  $("file").textContent = (all.texts.length < 2 ? got.file + ", " : "") + got.format + ", of " + got.clip;
  document.title = "Genlock review: " + got.file.split("/").pop();
  video.hidden = !got.has_pictures;
  if (got.has_pictures && got.plays) video.src = "media?n=" + n;
  sound = new Sound("n=" + n);
  offerBeside();
  await lookBeside();
  if (mine !== ticket) return;
  take(got.revision, got.rows);
  setCheck(got.check);
  choose(keep && rows.find(row => row.id === keep) ? keep : shown.length ? shown[0].id : null);
  if (got.missing) note(got.missing, true);
  else if (got.stale) note(got.stale + " decisions were made on an earlier version of this file and are not applied.", true);
  document.body.dataset.text = got.file;
}
function take(at, every) {
  revision = at;
  rows = every;
  document.body.dataset.revision = at.join("-");
  draw();
}
function setCheck(check) {
  clearTimeout(setCheck.timer);
  doubts = new Map(); gaps = [];
  if (check.state === "done") {
    for (const item of check.items) doubts.set(item.n, item);
    const one = check.finding;
    gaps = one.gaps;
    $("verdict").textContent = "Against the audio: " + one.verdict + (one.words ? ", " + one.words : "") + "; " + doubts.size + " doubtful" + (gaps.length ? ", " + gaps.length + " intervals of speech without text" : "") + (one.because.length ? "; " + one.because[0] : "");
  } else if (check.state === "running") {
    $("verdict").textContent = "The text is being checked against the audio; doubtful items are shown afterwards.";
    const mine = n;
    // A request that fails is sent again: the check goes on meanwhile.
    const ask = () => get("api/check?n=" + mine).then(next => { if (mine === n) setCheck(next); })
      .catch(() => { if (mine === n) setCheck.timer = setTimeout(ask, 3000); });
    setCheck.timer = setTimeout(ask, 1000);
    return;
  } else $("verdict").textContent = check.state === "failed" ? "It could not be checked against the audio: " + check.message : "It was not checked against the audio.";
  document.body.dataset.check = check.state;
  draw();
  show();
}
function cells(row) {
  const parts = [["t", clock(row.start_s)], ["l", (row.end_s - row.start_s).toFixed(2)], ["w", row.text.replace(/\n/g, " / ") || "(no text)"], ["f", [short(row), unlike(row)].filter(Boolean).join("; ")], ["m", row.mark ? MARK[row.mark] : ""]];
  return parts.map(([name, words]) => { const span = document.createElement("span"); span.className = name; span.textContent = words; return span; });
}
function dress(item, row) {
  item.className = row.kind + (row.isOther ? " other" : "") + (row.mark ? " " + row.mark : "") + (doubt(row) || unlike(row) ? " doubt" : "") + (isOpen(row) ? " open" : "") + (row.id === now ? " now" : "");
  item.setAttribute("aria-selected", row.id === now);
  item.setAttribute("aria-label", row.kind + " at " + spoken(row.start_s) + ", " + (row.end_s - row.start_s).toFixed(2) + " s: " + (row.text || "no text") + (why(row) ? ". Doubtful: " + why(row) : "") + (row.mark ? ". " + MARK[row.mark] + (row.by ? " by " + row.by : "") : ""));
  item.replaceChildren(...cells(row));
}
const items = new Map();
function draw() {
  const only = $("only").checked;
  shown = only ? every().filter(row => isOpen(row) || row.isOther || row.id === now) : every();
  items.clear();
  list.replaceChildren(...shown.map(row => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = "row-" + row.id;
    dress(item, row);
    item.onclick = () => choose(row.id);
    items.set(row.id, item);
    return item;
  }));
  progress();
}
function progress() {
  const decided = rows.filter(row => row.mark).length, open = rows.filter(isOpen).length;
  $("progress").textContent = decided + " of " + rows.length + " decided" + (doubts.size || beside ? ", " + open + " doubtful open" : "") + (readOnly ? ", read only" : "");
  document.body.dataset.decided = decided;
}
const row = () => rows.find(one => one.id === now) || alone.find(one => one.id === now) || null;
function choose(id) {
  const before = items.get(now);
  now = id;
  if (before) { before.classList.remove("now"); before.setAttribute("aria-selected", false); }
  const item = items.get(id);
  if (item) {
    item.classList.add("now");
    item.setAttribute("aria-selected", true);
    item.scrollIntoView({ block: "nearest" });
    list.setAttribute("aria-activedescendant", item.id);
  }
  document.body.dataset.now = id === null ? "" : id;
  const one = row();
  if (one) { stop(); head = one.start_s; showPicture(); hear(Math.max(0, one.start_s - AROUND), one.end_s + AROUND).catch(() => {}); }
  show();
}
function step(by) {
  if (!shown.length) return;
  const place = shown.findIndex(one => one.id === now);
  choose(shown[Math.max(0, Math.min(shown.length - 1, (place < 0 ? 0 : place) + by))].id);
}
function toDoubt(by) {
  const place = rows.findIndex(one => one.id === now);
  for (let i = 1; i <= rows.length; i++) {
    const one = rows[(place + by * i + rows.length * 2) % rows.length];
    if (isOpen(one)) { if (!items.has(one.id)) draw(); choose(one.id); note(why(one)); return; }
  }
  note("No doubtful item is open.");
}

// The selected item.
function show() {
  const one = row();
  $("head").textContent = head.toFixed(3);
  $("start").textContent = one ? clock(one.start_s) : "";
  $("end").textContent = one ? clock(one.end_s) : "";
  if (document.activeElement !== $("text")) $("text").value = one ? one.text : "";
  const parts = [];
  if (one) {
    parts.push(["line", one.line + (one.tier ? ", " + one.tier : "") + (one.speaker ? ", " + one.speaker : "")]);
    if (doubt(one)) parts.push(["doubtful", flagged(one) + (doubt(one).trust !== null ? " (trust " + doubt(one).trust + ")" : "")]);
    if (unlike(one)) parts.push(["differs", unlike(one)]);
    if (one.mark) parts.push(["decided", MARK[one.mark] + (one.by ? " by " + one.by : "")]);
    if (!one.can && !one.isOther) parts.push(["format", "single items of " + text.format + " cannot be written: convert it, for example to SubRip"]);
  }
  $("detail").replaceChildren(...parts.flatMap(([name, words]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name; dd.textContent = words;
    if (name === "doubtful" || name === "differs") dd.className = "doubt";
    return [dt, dd];
  }));
  const can = one ? one.can : "";
  if (!readOnly) {
    for (const id of ["start-less", "start-more", "start-here"]) $(id).disabled = !can.includes("s");
    for (const id of ["end-less", "end-more", "end-here"]) $(id).disabled = !can.includes("e");
    for (const id of ["split", "join"]) $(id).disabled = !can.includes("d");
    for (const id of ["accept", "wrong"]) $(id).disabled = !one || !!one.isOther;
    $("text").readOnly = !can.includes("t");
    $("other").disabled = !one || !pairs.has(one.id) || !unlike(one);
    $("take").disabled = !one || movedBy(one) === null;
  }
  drawWave();
}

// Audio.
async function hear(from, to) {
  if (!text.has_sound) return null;
  const mine = n, piece = await sound.hear(from, to);
  if (mine !== n) return null;
  document.body.dataset.sound = sound.pieces.length;
  drawWave();
  return piece;
}
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
  video.pause();
  $("play").lastChild.textContent = " Play";
}
async function play() {
  const one = row();
  if (!one) return;
  const from = Math.max(0, one.start_s - AROUND), to = Math.min(text.duration_s || Infinity, one.end_s + AROUND), mine = ticket, id = now;
  let piece = null;
  try { piece = await hear(from, to); } catch (error) { note(error.message, true); return; }
  if (mine !== ticket || id !== now) return;
  stop();
  if (piece) {
    source = Sound.play(piece, from, to, rate);
    playing = { from, to, began: audio.currentTime, audio: true };
  } else if (text.has_pictures) playing = { from, to, began: performance.now() / 1000, audio: false };
  else { note("There is no audio to play.", true); return; }
  head = from;
  showPicture();
  if (!video.hidden) { video.playbackRate = rate; video.play().catch(() => {}); }
  $("play").lastChild.textContent = " Stop";
  document.body.dataset.played = (Number(document.body.dataset.played) || 0) + 1;
}
let pieceFrom = null;
function showPicture() {
  if (video.hidden) return;
  if (text.plays) { if (Math.abs(video.currentTime - head) > 0.02) video.currentTime = head; return; }
  const start = Math.max(0, Math.floor(head / 10) * 10);
  if (pieceFrom !== n + ":" + start) { pieceFrom = n + ":" + start; video.src = "play?n=" + n + "&from=" + start + "&length=20"; }
  video.currentTime = head - start;
}
function tick() {
  if (playing) {
    head = place();
    if (head >= playing.to - 1e-3) { stop(); }
    $("head").textContent = head.toFixed(3);
    drawWave();
  }
  requestAnimationFrame(tick);
}
function moveHead(by) {
  stop();
  head = Math.max(0, Math.round((head + by) * 1000) / 1000);
  showPicture(); show();
  note("playhead " + head.toFixed(3) + " s");
}

// The waveform, with the edges of all visible items.
let view = { from: 0, span: 4 };
function drawWave() {
  const element = $("wave"), scale = window.devicePixelRatio || 1, width = element.clientWidth, height = 150;
  if (element.width !== Math.round(width * scale)) { element.width = Math.round(width * scale); element.height = height * scale; }
  const pen = element.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const one = row();
  if (!one || !width) return;
  const from = Math.max(0, Math.min(one.start_s, one.end_s) - AROUND), to = Math.max(one.start_s, one.end_s) + AROUND;
  view = { from, span: Math.max(2, Math.min(60, to - from)) };
  if (head > view.from + view.span) view.from = head - view.span * 0.9; else if (head < view.from) view.from = Math.max(0, head - view.span * 0.1);
  const x = t => (t - view.from) / view.span * width, until = view.from + view.span;
  pen.font = "12px system-ui";
  for (const gap of gaps) if (gap.end_s > view.from && gap.start_s < until) { pen.fillStyle = "#33271a"; pen.fillRect(x(gap.start_s), 0, x(gap.end_s) - x(gap.start_s), height); }
  pen.fillStyle = "#22374f";
  pen.fillRect(x(one.start_s), 0, Math.max(1, x(one.end_s) - x(one.start_s)), height);
  const peaks = sound.peaks(view.from, view.span, width, text.duration_s);
  if (peaks) {
    pen.fillStyle = "#6cb2ff";
    peaks.forEach((peak, column) => {
      const h = Math.min(1, peak * 1.6) * (height - 44);
      if (h > 0.5) pen.fillRect(column, 20 + (height - 44 - h) / 2, 1, h);
    });
  } else { pen.fillStyle = "#a3a9b5"; pen.fillText(text.has_sound ? "reading the audio" : "there is no audio", 8, height / 2); }
  for (const other of every()) {
    if (other.end_s < view.from || other.start_s > until) continue;
    const isNow = other.id === now, isWord = other.kind === "word" || other.kind === "phone";
    pen.fillStyle = isNow ? "#ffb454" : "#7d8694";
    const top = isWord && !isNow ? height - 24 : 0;
    for (const edge of [other.start_s, other.end_s]) pen.fillRect(x(edge) - (isNow ? 1 : 0), top, isNow ? 2 : 1, height - top);
    pen.save();
    pen.beginPath();
    pen.rect(x(other.start_s) + 2, 0, Math.max(0, x(other.end_s) - x(other.start_s) - 3), height);
    pen.clip();
    pen.fillStyle = isNow ? "#ffdfa8" : "#a3a9b5";
    pen.fillText(other.text.replace(/\n/g, " "), Math.max(0, x(other.start_s)) + 4, isWord ? height - 8 : 13);
    pen.restore();
  }
  const moved = movedBy(one);
  if (moved !== null) {
    pen.strokeStyle = "#7ee08a"; pen.setLineDash([4, 4]);
    for (const edge of [one.start_s, one.end_s]) { pen.beginPath(); pen.moveTo(x(edge + moved / 1000), 0); pen.lineTo(x(edge + moved / 1000), height); pen.stroke(); }
    pen.setLineDash([]);
  }
  pen.fillStyle = "#fff"; pen.fillRect(x(head), 0, 1, height);
  element.setAttribute("aria-label", "Waveform from " + spoken(view.from) + " to " + spoken(until) + "; the item from " + spoken(one.start_s) + " to " + spoken(one.end_s) + "; the playhead at " + spoken(head));
}
$("wave").onclick = event => { stop(); head = Math.round((view.from + event.offsetX / $("wave").clientWidth * view.span) * 1000) / 1000; showPicture(); show(); };

// Decisions: one after another, each is stored before the next request.
let queue = Promise.resolve();
function decide(make) {
  queue = queue.then(async () => {
    if (readOnly) { note("This page is read-only.", true); return; }
    const one = row();
    if (one && one.isOther) { note("It is only in the other text: press T to go there.", true); return; }
    const made = make(one);
    if (!made) return;
    try {
      const answer = await post("api/edit", { revision, ...made.body });
      if (answer.rows) { await lookBeside(); take(answer.revision, answer.rows); choose(made.isNew ? answer.made : answer.item); }
      else {
        revision = answer.revision;
        document.body.dataset.revision = revision.join("-");
        for (const changed of answer.changed) {
          const index = rows.findIndex(one => one.id === changed.id);
          if (index >= 0) rows[index] = changed;
          const item = items.get(changed.id);
          if (item) dress(item, changed);
        }
        progress();
      }
      note(typeof made.words === "function" ? made.words(row()) : made.words);
      if (made.then) made.then();
      show();
    } catch (error) {
      if (error.status === 409) await open(n, now);
      note(error.message, true);
    }
    document.body.dataset.done = (Number(document.body.dataset.done) || 0) + 1;
  });
}
const change = (what, words) => one => one && { body: { item: one.id, action: "change", ...what(one) }, words };
function nudge(edge, by) {
  const name = edge === "start_s" ? "start" : "end";
  let was = 0;
  // A coarser format moves by its own step.
  decide(change(one => { was = one[edge]; return { [edge]: Math.max(0, Math.round((one[edge] + by) * 1e4) / 1e4) }; }, one => name + " " + clock(one[edge]) + ", " + Math.round(Math.abs(one[edge] - was) * 1000) + " ms " + (by < 0 ? "earlier" : "later")));
}
function setEdge(edge) {
  const at = place();
  decide(change(() => ({ [edge]: Math.round(at * 1000) / 1000 }), one => (edge === "start_s" ? "start " : "end ") + clock(one[edge]) + " at the playhead"));
}
// After accepting or rejecting an item the next one is selected.
function goOn() { const place = shown.findIndex(one => one.id === now); if (place >= 0 && place + 1 < shown.length) step(1); }
const accept = () => decide(one => one && { body: { item: one.id, action: "accept" }, words: "accepted", then: goOn });
const wrong = () => decide(one => one && { body: { item: one.id, action: "wrong-text" }, words: "marked as wrong text", then: goOn });
const moveAsFound = () => decide(one => {
  const moved = one ? movedBy(one) : null;
  if (moved === null) { note("No offset was found to move it by.", true); return null; }
  const by = moved / 1000, at = t => Math.max(0, Math.round((t + by) * 1000) / 1000);
  return { body: { item: one.id, action: "change", start_s: at(one.start_s), end_s: at(one.end_s) }, words: "moved: " + size(moved) };
});
const asOther = () => decide(one => {
  const other = one && pairs.get(one.id);
  if (!other || !unlike(one)) { note("The other text does not differ here.", true); return null; }
  const body = { item: one.id, action: "change", start_s: other.start_s, end_s: other.end_s };
  if (plain(other.text) !== plain(one.text)) body.text = other.text;
  return { body, words: "as in the other text" };
});
function toOther() {
  if ($("beside").value === "") { note("There is no other text beside it.", true); return; }
  const was = n, one = row(), at = one ? one.start_s : 0, other = one && pairs.get(one.id), id = one && one.isOther ? one.id.slice(6) : other ? other.id : null;
  queue = queue.then(async () => {
    offerBeside.isSet = true;
    const next = Number($("beside").value);
    await open(next, id);
    $("beside").value = was;
    await lookBeside(); draw();
    choose(id !== null && rows.some(one => one.id === id) ? id : (rows.find(one => one.start_s >= at) || rows[0] || { id: null }).id);
    note(text.file);
  }).catch(error => note(error.message, true));
}
// Words go to the side on which they are spoken: by their own times if there are any, else by their share of the
// length.
function divided(one, at) {
  const words = one.text.split(/(\s+)/), inside = rows.filter(other => other.kind === "word" && one.kind !== "word" && other.start_s >= one.start_s - 0.05 && other.end_s <= one.end_s + 0.05);
  const count = words.filter(word => word.trim()).length;
  let first = inside.length === count ? inside.filter(word => (word.start_s + word.end_s) / 2 < at).length : Math.round(count * (at - one.start_s) / (one.end_s - one.start_s));
  first = Math.max(count > 1 ? 1 : 0, Math.min(Math.max(0, count - 1), first));
  if (count < 2) return [one.text, one.text];
  let seen = 0, cut = 0;
  for (let i = 0; i < words.length; i++) { if (words[i].trim()) seen++; if (seen === first) { cut = i + 1; break; } }
  return [words.slice(0, cut).join("").trim(), words.slice(cut).join("").trim()];
}
const split = () => { const at = place(); decide(one => {
  if (!one) return null;
  const time = at > one.start_s + 0.01 && at < one.end_s - 0.01 ? at : (one.start_s + one.end_s) / 2;
  const [text, second] = divided(one, time);
  return { body: { item: one.id, action: "split", time_s: Math.round(time * 1000) / 1000, text, second }, words: "split at " + clock(time) };
}); };
const join = () => decide(one => one && { body: { item: one.id, action: "merge" }, words: one => "joined, to " + clock(one.end_s) });
// As long as speech without text there; else from the playhead to the next item, 1.5 s at most.
const insert = () => { const at = Math.round(place() * 1000) / 1000; decide(one => {
  if (!one) { note("Items cannot be added to a text without items.", true); return null; }
  const alike = rows.filter(other => other.kind === one.kind && other.tier === one.tier), next = alike.find(other => other.start_s > at);
  if (alike.some(other => other.start_s < at && other.end_s > at + 0.05)) { note("There is already an item there.", true); return null; }
  const gap = gaps.find(gap => gap.start_s <= at && gap.end_s > at), start = gap ? gap.start_s : at, end = Math.min(gap ? gap.end_s : at + 1.5, next ? next.start_s : 1e9);
  if (end - start < 0.05) { note("There is no room before the next item.", true); return null; }
  return { body: { item: one.id, action: "insert", start_s: start, end_s: end, text: "..." }, words: "new item from " + clock(start) + " to " + clock(end), isNew: true, then: edit };
}); };
function turn(path, words, nothing) {
  queue = queue.then(async () => {
    try {
      const back = await post(path, {});
      if (back) { await lookBeside(); take(back.revision, back.rows); choose(rows.some(one => one.id === back.item) ? back.item : now); note(words + ": " + back.action); }
      else note(nothing);
    } catch (error) { note(error.message, true); }
    document.body.dataset.done = (Number(document.body.dataset.done) || 0) + 1;
  });
}
const undo = () => turn("api/undo", "undone", "There is nothing to undo.");
const redo = () => turn("api/redo", "redone", "There is nothing to redo.");
function write() {
  queue = queue.then(async () => {
    try { const answer = await post("api/write", {}); note("written: " + answer.path); document.body.dataset.written = answer.path; } catch (error) { note(error.message, true); }
    document.body.dataset.done = (Number(document.body.dataset.done) || 0) + 1;
  });
}
function edit() { const box = $("text"); box.focus(); box.setSelectionRange(box.value === "..." ? 0 : box.value.length, box.value.length); }
function keepText() {
  const words = $("text").value, id = now;
  list.focus();
  decide(() => { const one = rows.find(other => other.id === id); return one && words.trim() !== one.text.trim() ? { body: { item: id, action: "change", text: words }, words: "text changed" } : null; });
}
function setSlow() { rate = rate === 1 ? 0.5 : 1; $("slow").setAttribute("aria-pressed", rate !== 1); const was = !!playing; stop(); if (was) play(); }
const say = () => { const one = row(); if (one) note(one.kind + " from " + spoken(one.start_s) + " to " + spoken(one.end_s) + ", playhead " + spoken(place()) + ". " + one.text + (why(one) ? ". " + why(one) : "")); };

const actions = {
  " ": () => playing ? (stop(), show()) : play(), a: accept, w: wrong, g: moveAsFound, i: insert, c: split, j: join, u: undo, r: redo, v: write, q: setSlow, b: asOther, t: toOther, h: say,
  z: () => nudge("start_s", -0.01), x: () => nudge("start_s", 0.01), n: () => nudge("end_s", -0.01), m: () => nudge("end_s", 0.01),
  s: () => setEdge("start_s"), e: () => setEdge("end_s"), enter: edit,
  arrowdown: () => step(1), arrowup: () => step(-1), pagedown: () => step(10), pageup: () => step(-10), home: () => step(-1e9), end: () => step(1e9),
};
document.onkeydown = event => {
  const key = event.key.toLowerCase();
  if (event.target === $("text")) {
    if (event.key === "Escape") { $("text").value = row() ? row().text : ""; list.focus(); event.preventDefault(); }
    else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); keepText(); }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && key === "z") { event.preventDefault(); event.shiftKey ? redo() : undo(); return; }
  if ((event.ctrlKey || event.metaKey) && key === "y") { event.preventDefault(); redo(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Buttons, boxes and the text selector keep their own keys.
  if (["BUTTON", "SELECT", "INPUT"].includes(event.target.tagName) && [" ", "enter", "arrowdown", "arrowup"].includes(key)) return;
  const action = key === "arrowleft" ? () => moveHead(event.shiftKey ? -0.1 : -0.01) : key === "arrowright" ? () => moveHead(event.shiftKey ? 0.1 : 0.01)
    : key === "d" ? () => toDoubt(event.shiftKey ? -1 : 1) : actions[key];
  if (!action) return;
  event.preventDefault();
  action();
};
const buttons = { play: actions[" "], slow: setSlow, accept, wrong, take: moveAsFound, other: asOther, split, join, insert, undo, redo, write, "next-doubt": () => toDoubt(1),
  "start-less": actions.z, "start-more": actions.x, "end-less": actions.n, "end-more": actions.m, "start-here": actions.s, "end-here": actions.e };
for (const [id, action] of Object.entries(buttons)) $(id).onclick = action;
$("only").onchange = () => { draw(); choose(shown.some(one => one.id === now) ? now : shown.length ? shown[0].id : null); };
$("which").onchange = () => open(Number($("which").value)).catch(error => note(error.message, true));
$("beside").onchange = () => { offerBeside.isSet = true; lookBeside().then(() => { draw(); choose(now); }).catch(error => note(error.message, true)); };
$("text").onblur = () => { const one = row(); if (one && $("text").value.trim() !== one.text.trim()) keepText(); };
window.onresize = drawWave;
load().then(() => list.focus()).catch(error => note(error.message, true));
tick();
