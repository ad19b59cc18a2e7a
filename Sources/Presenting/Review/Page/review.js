"use strict";
// One finding of the clip is current at a time: the keys accept and correct it, and the offset is its subject's.
// Audio is played from a buffer on the audio clock; the video plays muted. At video time t the audio of time t - offset
// is heard: an offset is what is added to the audio's timestamps.
const $ = id => document.getElementById(id);
const video = $("video");
// Seconds of video that are transcoded at a time, and of audio that are kept before the position.
const PIECE = 10, AHEAD = 5;
let clips = [], here = -1, clip = null, cues = [], mouth = [];
let meant = 0, offset = 0, measured = 0, isFixed = false, rate = 1, base = 0, busy = false, ticket = 0, isAnswered = false;
let leaving = new AbortController(), audio = null, buffer = null, bufferFrom = 0, source = null, viewVideos = [];

async function get(path, signal) {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}
const key = () => encodeURIComponent(clip.key);
// For a group of views the second one is moved, not the audio.
const isGroup = () => !!clip && !!clip.views && clip.views.length > 1;
const finding = () => clip && clip.findings ? clip.findings[meant] || null : null;
// What the current finding would move: the audio, or a text against the audio.
const isOfText = () => !!finding() && finding().name.reference === "audio";
const expected = () => finding() ? finding().expected_ms || 0 : 0;
const shift = () => isFixed && !isGroup() && !isOfText() ? (offset - expected()) / 1000 : 0;
const textShift = () => isFixed && isOfText() ? offset / 1000 : 0;
function note(text, isBad) { $("note").textContent = text; $("note").className = isBad ? "bad" : ""; }
function place(ms) {
  const size = Math.round(Math.abs(ms));
  return size === 0 ? "together" : size + " ms " + (ms < 0 ? "late" : "early");
}

// The list.
async function load() {
  const all = await get("api/clips");
  clips = all.clips;
  document.querySelector(".decide").style.display = all.read_only ? "none" : "";
  document.title = "Genlock review: " + all.store.split("/").pop();
  const list = $("list");
  list.replaceChildren(...clips.map((entry, index) => {
    const item = document.createElement("li");
    const name = document.createElement("span"), decided = document.createElement("span");
    name.className = "n"; decided.className = "d";
    name.textContent = "\u200e" + entry.key; item.title = entry.key;
    item.append(name, decided);
    item.onclick = () => open(index);
    entry.item = item;
    return item;
  }));
  clips.forEach(paint);
  progress();
  const first = clips.findIndex(entry => !entry.decision);
  if (clips.length) open(first < 0 ? 0 : first); else note("Nothing is flagged in this store.");
}
function paint(entry) {
  const told = entry.decision;
  entry.item.classList.toggle("done", !!told);
  entry.item.lastChild.textContent = told ? ({ accept: "accepted", correct: "corrected", "cannot-tell": "cannot tell" })[told.choice]
    : entry.offset_ms === null ? entry.verdict : place(entry.offset_ms);
}
function progress() { $("progress").textContent = clips.filter(entry => entry.decision).length + " of " + clips.length + " decided"; }

// One clip.
async function open(index) {
  if (index < 0 || index >= clips.length) return;
  pause();
  const mine = ++ticket;
  // Pending requests for the previous clip would delay the next one: a browser sends at most six at once.
  leaving.abort();
  leaving = new AbortController();
  const signal = leaving.signal;
  if (here >= 0) clips[here].item.classList.remove("now");
  here = index;
  clips[index].item.classList.add("now");
  clips[index].item.scrollIntoView({ block: "nearest" });
  clip = { key: clips[index].key };
  isAnswered = false;
  $("name").textContent = clip.key;
  let got;
  try { got = await get("api/clip?key=" + key()); } catch (error) { if (mine === ticket) note(error.message, true); return; }
  if (mine !== ticket) return;
  clip = got;
  clips[index].decision = clip.decision;
  paint(clips[index]);
  progress();
  $("verdict").textContent = clip.verdict;
  $("verdict").className = "tag " + clip.verdict;
  $("comment").value = clip.decision ? clip.decision.comment : "";
  choose(clip.meant);
  if (clip.decision && clip.decision.offset_ms !== null) offset = clip.decision.offset_ms;
  buffer = null; mouth = []; cues = []; base = 0;
  $("seek").max = clip.duration_s || 1; $("seek").value = 0;
  $("cue").textContent = "";
  setFixed(isGroup()); showOffset(); drawCurve(); drawWave();
  if (clip.missing) note(clip.missing, true);
  else if (clip.decision) note(clip.decision.by + " decided on " + clip.decision.at.slice(0, 16).replace("T", " ") + " UTC");
  else note("");
  showViews();
  setPicture(0);
  isAnswered = true;
  document.body.dataset.clip = clip.key;
  get("api/text?key=" + key(), signal).then(text => { if (mine === ticket) { cues = text.items; showCue(); } }).catch(() => {});
  fetchSound(0).catch(() => { if (mine === ticket) drawWave(); });
  mouthFrom = null;
  lookAtMouth();
}
// The finding that the keys act on.
const named = f => f.words || f.verdict;
function choose(index) {
  if (!clip || !clip.findings.length) return;
  meant = Math.max(0, index) % clip.findings.length;
  const one = finding();
  measured = (isGroup() ? clip.views[1].offset_ms : one.offset_ms !== null ? one.offset_ms : one.candidate_ms) || 0;
  offset = measured;
  $("because").textContent = one.because.slice(0, 3).join("; ");
  $("findings").replaceChildren(...clip.findings.map((f, place) => {
    const button = document.createElement("button");
    const file = f.name.subject_file ? ", " + f.name.subject_file.split("/").pop() : "";
    button.textContent = named(f) + " (" + f.check + file + (f.confidence === null ? "" : ", confidence " + f.confidence) + ")";
    button.classList.toggle("on", place === meant);
    button.setAttribute("aria-pressed", place === meant);
    button.onclick = event => { choose(place); event.currentTarget.blur(); };
    return button;
  }));
  const words = one.offset_ms !== null || one.verdict === "unpaired" ? ": " + named(one) + " (" + one.check + ")" : "";
  $("accept").lastChild.textContent = " Accept" + words;
  document.body.dataset.meant = meant;
  setFixed(isGroup()); showOffset(); drawCurve();
}
// Faces are tracked only where the user stays, in pieces of this many seconds.
const MOUTH = 20;
let mouthFrom = null, mouthDue = 0;
function lookAtMouth() {
  clearTimeout(mouthDue);
  const mine = ticket, from = Math.floor(now() / MOUTH) * MOUTH, signal = leaving.signal;
  mouthFrom = from;
  mouthDue = setTimeout(() => {
    if (mine !== ticket) return;
    get("api/mouth?key=" + key() + "&from=" + from + "&length=" + MOUTH, signal)
      .then(points => { if (mine === ticket && mouthFrom === from) { mouth = points; document.body.dataset.mouth = points.length; drawWave(); } }).catch(() => {});
  }, 600);
}
const piece = from => "play?key=" + key() + "&from=" + from + "&length=" + PIECE;
// The next piece is transcoded while this one plays: the server caches it.
let ahead = "";
function encodeAhead() {
  if (!clip || clip.plays || video.paused || !clip.duration_s || base + PIECE >= clip.duration_s) return;
  const next = piece(base + PIECE);
  if (ahead === next) return;
  ahead = next;
  fetch(next, { signal: leaving.signal, headers: { Range: "bytes=0-0" } }).catch(() => {});
}
function setPicture(from) {
  base = clip.plays ? 0 : Math.floor(from / PIECE) * PIECE;
  video.src = clip.plays ? "media?key=" + key() : piece(base);
  video.currentTime = Math.max(0, from - base);
}
video.onerror = () => {
  // Falls back to transcoding if the browser cannot play the file.
  if (clip && clip.plays && video.src) { clip.plays = false; setPicture(now()); }
  else if (clip && !clip.missing && video.getAttribute("src")) note("There is no video to show.", true);
};
function showViews() {
  viewVideos = clip.views.slice(1).map((view, index) => {
    const element = document.createElement("video");
    element.muted = true; element.title = view.clip; element.preload = "auto";
    element.src = (view.plays ? "media" : "play") + "?key=" + key() + "&part=" + (index + 1);
    element.later = view.offset_ms / 1000;
    return element;
  });
  $("views").replaceChildren(...viewVideos);
}

// Time and audio.
const now = () => base + video.currentTime;
async function fetchSound(from) {
  const mine = ticket, start = Math.max(0, from - AHEAD);
  const answer = await fetch("sound?key=" + key() + "&from=" + start + "&length=60", { signal: leaving.signal });
  if (!answer.ok) throw new Error("no sound");
  audio = audio || new AudioContext();
  const made = await audio.decodeAudioData(await answer.arrayBuffer());
  if (mine !== ticket) return;
  buffer = made; bufferFrom = start;
  drawWave();
  if (!video.paused) startSound();
}
function stopSound() { if (source) { source.onended = null; try { source.stop(); } catch { } source.disconnect(); source = null; } }
function startSound() {
  stopSound();
  if (!buffer || video.paused) return;
  audio.resume();
  const at = now() - shift() - bufferFrom;
  source = audio.createBufferSource();
  source.buffer = buffer;
  source.playbackRate.value = rate;
  source.connect(audio.destination);
  if (at >= 0) source.start(0, Math.min(at, buffer.duration)); else source.start(audio.currentTime - at / rate, 0);
  source.began = audio.currentTime; source.at = at;
}
function follow() {
  if (!video.paused && source) {
    // How far audio and video have drifted apart, in seconds; beyond 15 ms the audio is restarted.
    const heard = source.at + (audio.currentTime - source.began) * rate;
    const wanted = now() - shift() - bufferFrom;
    if (Math.abs(heard - wanted) > 0.015 * Math.max(1, 1 / rate)) startSound();
    if (wanted > buffer.duration - 2 && buffer.duration > 30 && !busy) { busy = true; fetchSound(now()).finally(() => busy = false); }
  }
  for (const view of viewVideos) {
    const later = !isFixed ? 0 : viewVideos.length === 1 ? offset / 1000 : view.later;
    const wanted = Math.max(0, now() - later);
    if (Math.abs(view.currentTime - wanted) > 0.08) view.currentTime = wanted;
    if (view.paused !== video.paused) video.paused ? view.pause() : view.play().catch(() => {});
    view.playbackRate = rate;
  }
  encodeAhead();
  if (clip && mouthFrom !== null && Math.floor(now() / MOUTH) * MOUTH !== mouthFrom) lookAtMouth();
  if (clip) { $("seek").value = now(); $("time").textContent = now().toFixed(1) + " s"; showCue(); }
  if (!video.paused) drawWave();
  requestAnimationFrame(follow);
}
video.onplaying = startSound;
video.onpause = stopSound;
video.onseeked = () => { if (!video.paused) startSound(); drawWave(); };
video.onended = () => {
  if (clip && !clip.plays && clip.duration_s && base + PIECE < clip.duration_s - 0.5) { setPicture(base + PIECE); play(); }
  else stopSound();
  $("play").textContent = video.paused || video.ended ? "Play" : "Pause";
};
function play() { if (video.ended) video.currentTime = 0; video.playbackRate = rate; video.play().catch(() => {}); $("play").textContent = "Pause"; }
function pause() { video.pause(); stopSound(); $("play").textContent = "Play"; }
const toggle = () => video.paused || video.ended ? play() : pause();
function setFixed(value) {
  isFixed = value;
  $("as-is").classList.toggle("on", !value); $("mended").classList.toggle("on", value);
  if (!video.paused) startSound();
  drawWave();
}
function setSlow() {
  rate = rate === 1 ? 0.25 : 1;
  $("slow").classList.toggle("on", rate !== 1);
  video.playbackRate = rate;
  if (!video.paused) startSound();
}
function seek(seconds) {
  if (!clip) return;
  if (clip.plays || seconds >= base && seconds < base + PIECE) video.currentTime = seconds - base; else { const was = !video.paused; setPicture(seconds); if (was) play(); }
  if (buffer && (seconds < bufferFrom || seconds > bufferFrom + buffer.duration - 1)) fetchSound(seconds).catch(() => {});
}
function showCue() {
  // The transcript follows the audio.
  const t = now() - shift() - textShift();
  const cue = cues.find(item => t >= item.start_s && t < item.end_s);
  const text = cue ? cue.text : "";
  if ($("cue").textContent !== text) $("cue").textContent = text;
}
function move(by) { offset = Math.max(-600000, Math.min(600000, Math.round((offset + by) * 10) / 10)); showOffset(); drawCurve(); setFixed(true); }
function showOffset() {
  const views = isGroup() ? clip.views.map(view => view.clip.split("/").pop()) : [];
  if (views.length > 2) $("offset").textContent = views.length + " views on their common clock";
  else if (views.length) $("offset").textContent = Math.round(offset) === 0 ? views.join(" and ") + " together" : views[1] + " " + place(offset);
  else if (isOfText()) $("offset").textContent = finding().name.subject + (Math.round(offset) === 0 ? " in time" : " " + place(offset));
  else $("offset").textContent = Math.round(offset) === 0 ? "sound and picture together" : "sound " + place(offset);
}

// Drawings.
function canvas(id) {
  const element = $(id), scale = window.devicePixelRatio || 1, width = element.clientWidth, height = 110;
  if (element.width !== Math.round(width * scale)) { element.width = Math.round(width * scale); element.height = height * scale; }
  const pen = element.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return [pen, width, height];
}
function drawWave() {
  const [pen, width, height] = canvas("wave");
  const span = 4, start = Math.max(0, now() - span / 2);
  const x = t => (t - start) / span * width;
  if (buffer) {
    const samples = buffer.getChannelData(0), per = buffer.sampleRate, later = shift();
    pen.fillStyle = "#6cb2ff";
    for (let column = 0; column < width; column++) {
      const from = Math.floor((start + column / width * span - later - bufferFrom) * per), to = from + Math.ceil(span / width * per);
      let peak = 0;
      for (let i = Math.max(0, from); i < Math.min(to, samples.length); i += 2) peak = Math.max(peak, Math.abs(samples[i]));
      const h = Math.min(1, peak * 1.6) * height * 0.9;
      if (h > 0.5) pen.fillRect(column, height - h, 1, h);
    }
  } else { pen.fillStyle = "#a3a9b5"; pen.fillText(clip ? "no audio yet" : "", 8, 16); }
  if (mouth.length) {
    const most = Math.max(0.05, ...mouth.map(p => p[1]));
    pen.strokeStyle = "#ffb454"; pen.lineWidth = 2; pen.beginPath();
    let last = -1;
    for (const [t, value] of mouth) {
      if (t < start - 0.2 || t > start + span + 0.2) continue;
      const y = height - 4 - value / most * height * 0.85;
      if (last < 0 || t - last > 0.2) pen.moveTo(x(t), y); else pen.lineTo(x(t), y);
      last = t;
    }
    pen.stroke();
  }
  pen.fillStyle = "#fff"; pen.fillRect(x(now()), 0, 1, height);
}
function drawCurve() {
  const [pen, width, height] = canvas("curve");
  const points = finding() ? finding().curve : [];
  pen.font = "12px system-ui";
  if (points.length < 2) { pen.fillStyle = "#a3a9b5"; pen.fillText("no curve was stored", 8, 16); return; }
  const low = points[0][0], high = points[points.length - 1][0];
  const heights = points.map(p => p[1]), top = Math.max(...heights), bottom = Math.min(...heights);
  const x = ms => (ms - low) / (high - low) * width, y = v => height - 18 - (v - bottom) / (top - bottom || 1) * (height - 26);
  pen.strokeStyle = "#555d6b"; pen.beginPath(); pen.moveTo(x(0), 0); pen.lineTo(x(0), height - 16); pen.stroke();
  pen.strokeStyle = "#6cb2ff"; pen.lineWidth = 1.5; pen.beginPath();
  points.forEach((p, i) => i ? pen.lineTo(x(p[0]), y(p[1])) : pen.moveTo(x(p[0]), y(p[1])));
  pen.stroke();
  pen.fillStyle = "#ffb454"; pen.fillRect(x(offset) - 1, 0, 2, height - 16);
  pen.fillStyle = "#a3a9b5";
  pen.fillText(place(low), 2, height - 4);
  pen.textAlign = "center"; pen.fillText("0", x(0), height - 4);
  pen.textAlign = "right"; pen.fillText(place(high), width - 2, height - 4); pen.textAlign = "left";
}
$("curve").onclick = event => {
  const points = finding() ? finding().curve : [];
  if (points.length < 2) return;
  const low = points[0][0], high = points[points.length - 1][0];
  const to = low + event.offsetX / $("curve").clientWidth * (high - low);
  move(Math.round(to / 5) * 5 - offset);
};

// Decisions.
let queue = Promise.resolve();
function decide(choice) { queue = queue.then(() => keep(choice)).catch(error => note(error.message, true)); }
async function keep(choice) {
  if (!isAnswered || !clip) {
    note("This clip is still loading: decide again when it is shown.", true);
    return;
  }
  const one = finding();
  if (choice === "accept" && (!one || one.offset_ms === null && one.verdict !== "unpaired")) {
    note("This finding has no measured offset to accept: choose another (F), correct it (C) or say that you cannot tell (X).", true);
    return;
  }
  if (choice === "correct" && clip.views.length > 2) {
    note("With more than two views it is unknown which one is off: accept (A), or say that you cannot tell (X) and why (/).", true);
    return;
  }
  const entry = clips[here];
  note("Saving the decision ...");
  const answer = await fetch("api/decide", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ key: clip.key, choice, finding: one ? one.name : null, offset_ms: offset, comment: $("comment").value, seen: clip.decision ? clip.decision.id : 0 }),
  });
  if (answer.status === 409) {
    const told = await answer.text();
    let other;
    try { other = JSON.parse(told); } catch { note(told.trim(), true); return; }
    clip.decision = entry.decision = other;
    paint(entry); progress();
    note(other ? other.by + " decided meanwhile: " + other.choice + ". Decide again to change it." : "The decision was undone meanwhile. Decide again.", true);
    return;
  }
  if (!answer.ok) { note((await answer.text()).trim(), true); return; }
  entry.decision = await answer.json();
  paint(entry); progress();
  $("comment").blur();
  document.body.dataset.decided = clips.filter(one => one.decision).length;
  const next = clips.findIndex((one, index) => index > here && !one.decision);
  const other = next < 0 ? clips.findIndex(one => !one.decision) : next;
  if (other >= 0) await open(other); else { clip.decision = entry.decision; note("All clips are decided."); }
}
function undo() {
  queue = queue.then(async () => {
    const answer = await fetch("api/undo", { method: "POST" });
    if (!answer.ok) { note((await answer.text()).trim(), true); return; }
    const back = await answer.json();
    if (!back) { note("There is nothing to undo."); return; }
    const index = clips.findIndex(entry => entry.key === back.key);
    if (index >= 0) { await open(index); note("Undone."); }
  }).catch(error => note(error.message, true));
}

const actions = {
  " ": toggle, m: () => setFixed(!isFixed), q: setSlow, a: () => decide("accept"), c: () => decide("correct"), x: () => decide("cannot-tell"), u: undo,
  n: () => open(here + 1), p: () => open(here - 1), r: () => seek(0), f: () => choose(meant + 1), "0": () => { move(measured - offset); }, "/": () => $("comment").focus(),
};
document.onkeydown = event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === $("comment")) { if (event.key === "Escape" || event.key === "Enter") { $("comment").blur(); event.preventDefault(); } return; }
  const step = event.shiftKey ? 50 : 5;
  const action = event.key === "ArrowLeft" ? () => move(-step) : event.key === "ArrowRight" ? () => move(step) : actions[event.key.toLowerCase()];
  if (!action || event.repeat && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  action();
};
const buttons = { play: toggle, "as-is": () => setFixed(false), mended: () => setFixed(true), slow: setSlow, less: () => move(-5), more: () => move(5), measured: () => move(measured - offset), accept: () => decide("accept"), correct: () => decide("correct"), cannot: () => decide("cannot-tell"), undo };
for (const [id, action] of Object.entries(buttons)) $(id).onclick = event => { action(); event.currentTarget.blur(); };
$("seek").oninput = () => seek(Number($("seek").value));
$("seek").onchange = () => $("seek").blur();
window.onresize = () => { drawWave(); drawCurve(); };
load().catch(error => note(error.message, true));
follow();
