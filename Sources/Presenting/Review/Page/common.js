"use strict";
// What the pages of texts and of labels share: requests, messages, times in words, and audio in pieces.
const $ = id => document.getElementById(id);
async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}
async function send(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) { const error = new Error((await answer.text()).trim()); error.status = answer.status; throw error; }
  return answer.json();
}
function note(words, isBad) { $("note").textContent = words; $("note").className = isBad ? "bad" : ""; }
function clock(seconds) {
  const ms = Math.round(Math.abs(seconds) * 1000), m = Math.floor(ms / 60000);
  return (seconds < 0 ? "-" : "") + m + ":" + String(Math.floor(ms / 1000) % 60).padStart(2, "0") + "." + String(ms % 1000).padStart(3, "0");
}
function spoken(seconds) {
  const m = Math.floor(seconds / 60);
  return (m ? m + " min " : "") + (seconds - 60 * m).toFixed(2) + " s";
}
const size = ms => Math.round(Math.abs(ms)) + " ms " + (ms < 0 ? "earlier" : "later");
// Differences of at most this many seconds are not named.
const APART = 0.05;
const AROUND = 1;

// The audio of one recording, read in pieces of a minute; the last six are kept.
const PIECE = 60, LEAD = 10;
let audio = null;
class Sound {
  constructor(query) { this.query = query; this.pieces = []; }
  async hear(from, to) {
    const known = this.pieces.find(piece => piece.from <= from + 1e-3 && (piece.to >= to - 1e-3 || piece.isLast));
    if (known) return known;
    const start = Math.max(0, from - LEAD), length = Math.min(120, Math.max(PIECE, to - start + 5));
    const answer = await fetch("sound?" + this.query + "&from=" + start.toFixed(3) + "&length=" + length.toFixed(3));
    if (!answer.ok) throw new Error("the audio could not be read");
    audio = audio || new AudioContext();
    const buffer = await audio.decodeAudioData(await answer.arrayBuffer());
    const piece = { from: start, to: start + buffer.duration, buffer, isLast: buffer.duration < length - 0.5 };
    this.pieces.push(piece);
    if (this.pieces.length > 6) this.pieces.shift();
    return piece;
  }
  // Plays an interval of a piece; the node that plays it.
  static play(piece, from, to, rate) {
    audio.resume();
    const source = audio.createBufferSource();
    source.buffer = piece.buffer;
    source.playbackRate.value = rate;
    source.connect(audio.destination);
    source.start(0, Math.max(0, from - piece.from), to - from);
    return source;
  }
  // The loudest sample in each column of an interval; null: it has not been read.
  peaks(from, span, width, end) {
    const piece = this.pieces.find(p => p.from <= Math.max(0, from) + 0.01 && p.to >= Math.min(from + span, end || from + span) - 0.5);
    if (!piece) return null;
    const samples = piece.buffer.getChannelData(0), per = piece.buffer.sampleRate, result = new Float32Array(width);
    for (let column = 0; column < width; column++) {
      const a = Math.floor((from + column / width * span - piece.from) * per), b = a + Math.ceil(span / width * per);
      let peak = 0;
      for (let i = Math.max(0, a); i < Math.min(b, samples.length); i++) peak = Math.max(peak, Math.abs(samples[i]));
      result[column] = peak;
    }
    return result;
  }
}
