"use strict";
// The session on one timeline: above all of it, below the part around the playhead with the names of the labels.
const GUTTER = 132, RULER = 16, ROW = 20, WAVE = 34, STRIP = 5;
function hue(name) { let sum = 7; for (const c of name) sum = (sum * 31 + c.codePointAt(0)) % 360; return sum; }
const colour = (name, light) => "hsl(" + hue(name) + " 42% " + (light ? 62 : 31) + "%)";

// Rows within a lane, so that labels that overlap do not cover each other: by key, and their number.
function stacked(labels) {
  const ends = [], rows = new Map();
  for (const one of labels) {
    let row = ends.findIndex(end => one.from_s >= end - 1e-6);
    if (row < 0) row = ends.length < 4 ? ends.length : 3;
    ends[row] = one.to_s;
    rows.set(one.key, row);
  }
  return { rows, count: Math.max(1, ends.length) };
}

class Timeline {
  constructor(canvas) { this.canvas = canvas; this.span = 12; this.from = 0; this.boxes = []; }
  // By lane: its labels, their rows, and where it is drawn.
  layout(lanes, labels) {
    this.lanes = lanes.map((lane, index) => {
      const own = labels.filter(one => one.lane === index);
      return { lane, own, ...stacked(own) };
    });
    let top = RULER + this.lanes.length * STRIP + 8 + RULER;
    for (const one of this.lanes) { one.top = top; one.height = one.count * ROW + 4; top += one.height + 2; }
    this.bottom = top;
  }
  zoom(by, whole) { this.span = Math.max(1, Math.min(Math.max(2, whole), this.span * by)); }
  centre(at) { this.from = at - this.span / 2; }
  // Keeps a time in view.
  follow(at) { if (at > this.from + this.span) this.from = at - this.span * 0.9; else if (at < this.from) this.from = at - this.span * 0.1; }
  time(x) { return this.from + (x - GUTTER) / (this.width - GUTTER) * this.span; }
  at(x, y) { const box = this.boxes.find(box => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height); return box ? box.key : null; }

  // state: { now, edge, head, start, end, doubt(label), offers, peaks(from, span, width), cameraName }
  draw(state) {
    const scale = window.devicePixelRatio || 1, width = this.width = this.canvas.clientWidth, height = this.bottom + (state.peaks ? WAVE : 0);
    if (!width) return;
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) { this.canvas.width = Math.round(width * scale); this.canvas.height = Math.round(height * scale); this.canvas.style.height = height + "px"; }
    const pen = this.canvas.getContext("2d"), room = width - GUTTER;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = "12px system-ui";
    this.boxes = [];
    // All of it.
    const whole = Math.max(1, state.end - state.start), far = t => GUTTER + (t - state.start) / whole * room;
    pen.fillStyle = "#a3a9b5";
    pen.fillText("all, " + clock(whole).replace(/\.\d+$/, ""), 6, 12);
    this.lanes.forEach(({ own }, index) => {
      for (const one of own) {
        pen.fillStyle = state.doubt(one) ? "#ffb454" : colour(one.row.text, one.key === state.now);
        pen.fillRect(far(one.from_s), RULER + index * STRIP, Math.max(1, far(one.to_s) - far(one.from_s) - 0.5), STRIP - 1);
      }
    });
    const stripEnd = RULER + this.lanes.length * STRIP;
    pen.strokeStyle = "#e8eaee"; pen.lineWidth = 1;
    pen.strokeRect(Math.max(GUTTER, far(this.from)) + 0.5, RULER - 3.5, Math.max(3, Math.min(width, far(this.from + this.span)) - Math.max(GUTTER, far(this.from)) - 1), stripEnd - RULER + 5);
    // The part in view.
    const x = t => GUTTER + (t - this.from) / this.span * room, until = this.from + this.span, top = stripEnd + 8;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find(s => s / this.span * room > 70) || 7200;
    for (let t = Math.ceil(this.from / step) * step; t < until; t += step) {
      pen.fillStyle = "#30343d"; pen.fillRect(x(t), top + RULER - 4, 1, height - top - RULER + 4);
      pen.fillStyle = "#a3a9b5"; pen.fillText(step < 1 ? t.toFixed(1) : clock(t).replace(/\.\d+$/, ""), x(t) + 3, top + 11);
    }
    for (const { lane, own, rows, top, height } of this.lanes) {
      pen.fillStyle = own.some(one => one.key === state.now) ? "#202733" : "#181b21";
      pen.fillRect(0, top, width, height);
      pen.save();
      pen.beginPath(); pen.rect(GUTTER, top, room, height); pen.clip();
      for (const one of own) {
        if (one.to_s < this.from || one.from_s > until) continue;
        const isNow = one.key === state.now, left = x(one.from_s), long = Math.max(2, x(one.to_s) - left), y = top + 2 + rows.get(one.key) * ROW;
        this.boxes.unshift({ key: one.key, x: left, y, width: long, height: ROW - 2 });
        pen.fillStyle = one.row.mark === "wrong-text" ? "#4a2523" : colour(one.row.text, false);
        pen.fillRect(left, y, long - 1, ROW - 2);
        if (state.doubt(one)) { pen.strokeStyle = "#ffb454"; pen.lineWidth = 1.5; pen.strokeRect(left + 0.75, y + 0.75, long - 2.5, ROW - 3.5); }
        if (isNow) {
          pen.strokeStyle = "#fff"; pen.lineWidth = 2; pen.strokeRect(left + 1, y + 1, long - 3, ROW - 4);
          pen.fillStyle = "#fff"; pen.fillRect((state.edge === "start" ? left : left + long) - 2, y - 2, 4, ROW + 2);
        }
        pen.save();
        pen.beginPath(); pen.rect(Math.max(GUTTER, left), y, Math.max(0, left + long - 4 - Math.max(GUTTER, left)), ROW); pen.clip();
        pen.fillStyle = "#e8eaee";
        pen.fillText((one.row.mark === "accepted" ? "\u2713 " : one.row.mark === "wrong-text" ? "\u2717 " : "") + one.row.text, Math.max(GUTTER, left) + 5, y + 13);
        pen.restore();
      }
      pen.restore();
      pen.fillStyle = "#e8eaee";
      pen.save(); pen.beginPath(); pen.rect(0, top, GUTTER - 6, height); pen.clip();
      pen.fillText(lane.name, 6, top + 15);
      pen.restore();
    }
    // Where the others have the boundary.
    pen.strokeStyle = "#7ee08a"; pen.lineWidth = 2; pen.setLineDash([4, 3]);
    for (const t of state.offers) if (t > this.from && t < until) { pen.beginPath(); pen.moveTo(x(t), top + RULER); pen.lineTo(x(t), this.bottom); pen.stroke(); }
    pen.setLineDash([]);
    if (state.peaks) {
      const peaks = state.peaks(this.from, this.span, Math.floor(room));
      pen.fillStyle = "#6cb2ff";
      if (peaks) peaks.forEach((peak, column) => { const h = Math.min(1, peak * 1.6) * (WAVE - 4); if (h > 0.5) pen.fillRect(GUTTER + column, this.bottom + (WAVE - h) / 2, 1, h); });
      pen.fillStyle = "#a3a9b5"; pen.fillText("sound, " + state.cameraName, 6, this.bottom + WAVE / 2 + 4);
    }
    if (state.head >= this.from && state.head <= until) { pen.fillStyle = "#fff"; pen.fillRect(x(state.head), top + RULER - 4, 1, height - top - RULER + 4); }
    this.canvas.setAttribute("aria-label", "Timeline from " + spoken(this.from) + " to " + spoken(until) + ", " + this.lanes.length + " lanes; the playhead at " + spoken(state.head));
  }
}
