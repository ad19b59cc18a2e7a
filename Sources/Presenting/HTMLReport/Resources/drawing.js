"use strict";
// Drawings of one clip. Values in, elements out; all strings are inserted as text.
const Drawing = (() => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const value = {};
  for (let i = 0; i < 64; i++) value[alphabet[i]] = i / 63;
  const decode = letters => Array.from(letters, c => (c in value ? value[c] : null));

  const make = (name, attributes = {}, ...children) => put(document.createElement(name), attributes, children);
  const shape = (name, attributes = {}, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  function put(element, attributes, children) {
    for (const [name, v] of Object.entries(attributes)) if (v !== null && v !== undefined) element.setAttribute(name, v);
    element.append(...children.filter(c => c !== null && c !== undefined));
    return element;
  }

  // As OffsetWords.place in the program: never a bare sign.
  const place = ms => (Math.abs(ms) < 0.5 ? "0 ms" : `${Math.round(Math.abs(ms))} ms ${ms > 0 ? "early" : "late"}`);
  const clock = s => {
    const tenths = Math.round(Math.max(0, s) * 10), rest = tenths % 600;
    return `${Math.floor(tenths / 600)}:${rest < 100 ? "0" : ""}${Math.floor(rest / 10)}.${rest % 10}`;
  };
  const two = n => String(n).padStart(2, "0");
  const instant = s => {
    const hundredths = Math.round(Math.max(0, s) * 100);
    return `${Math.floor(hundredths / 6000)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
  };
  const short = n => Math.round(n * 10) / 10;
  const line = (x0, y0, x1, y1, name) => shape("line", { x1: short(x0), y1: short(y0), x2: short(x1), y2: short(y1), class: name });
  const text = (x, y, words, anchor, name) => shape("text", { x: short(x), y: short(y), "text-anchor": anchor, class: name }, words);
  const band = (x0, x1, y, height, name) => shape("rect", { x: short(Math.min(x0, x1)), y: short(y), width: short(Math.max(0.5, Math.abs(x1 - x0))), height: short(height), class: name });

  // On narrow screens figures are narrower, not scaled down.
  const breadth = wide => (innerWidth < 640 ? 340 : wide);

  // How well each offset fits: late to the left, early to the right, as in the terminal.
  function curve(data, offset, low, high, tolerance, label) {
    const [first, step, bottom, top, letters] = data;
    const heights = decode(letters), width = breadth(480), height = 170, left = 10, right = 10, ceiling = 12, floor = 136;
    const last = first + step * (heights.length - 1);
    const near = offset !== null && Math.abs(offset) <= 560;
    const from = near ? Math.max(first, -600) : first, to = near ? Math.min(last, 600) : last;
    const x = ms => left + (Math.min(to, Math.max(from, ms)) - from) / (to - from) * (width - left - right);
    const points = [];
    heights.forEach((h, i) => { const ms = first + step * i; if (h !== null && ms >= from - 1e-6 && ms <= to + 1e-6) points.push([x(ms), h]); });
    const most = Math.max(...points.map(p => p[1])), least = Math.min(...points.map(p => p[1]));
    const y = h => floor - (h - least) / Math.max(most - least, 1e-6) * (floor - ceiling);
    const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    if (tolerance) {
      svg.append(band(x(tolerance[2]), x(tolerance[3]), ceiling - 6, floor - ceiling + 6, "zone-outer"));
      svg.append(band(x(tolerance[0]), x(tolerance[1]), ceiling - 6, floor - ceiling + 6, "zone-inner"));
    }
    if (low !== null && high !== null) svg.append(band(x(low), x(high), ceiling - 6, floor - ceiling + 6, "interval"));
    const path = points.map((p, i) => `${i ? "L" : "M"}${short(p[0])} ${short(y(p[1]))}`).join("");
    if (points.length) svg.append(shape("path", { class: "curve-area", d: `${path}L${short(points[points.length - 1][0])} ${floor}L${short(points[0][0])} ${floor}Z` }), shape("path", { class: "curve-line", d: path }));
    svg.append(line(left, floor, width - right, floor, "axis"));
    if (from < 0 && to > 0) svg.append(line(x(0), floor - 4, x(0), floor + 5, "axis"), text(x(0), floor + 18, "0", "middle"));
    if (offset !== null) {
      svg.append(line(x(offset), ceiling - 6, x(offset), floor, "mark"));
      const beside = x(offset) > width / 2;
      svg.append(text(x(offset) + (beside ? -6 : 6), ceiling + 6, place(offset), beside ? "end" : "start"));
    }
    svg.append(text(left, floor + 18, place(from), "start", "quiet"), text(width - right, floor + 18, place(to), "end", "quiet"));
    return svg;
  }

  // The audio as recorded, the motion seen, and the audio moved by its offset, on one axis.
  function excerpt(data, offset, label, sides) {
    const [from, to] = data.span, width = breadth(720), left = 4, row = 62, x = s => left + (s - from) / (to - from) * (width - 2 * left);
    const rows = offset === null ? ["sound", "seen"] : ["sound", "seen", "moved"];
    const svg = shape("svg", { viewBox: `0 0 ${width} ${row * rows.length + 34}`, role: "img", "aria-label": label });
    const names = {
      sound: offset === null ? "audio" : "audio as recorded", moved: offset === null ? "" : `audio moved by its offset (it was ${place(offset)})`,
      seen: data.sight === "mouth" ? "mouth opening" : "motion in the video",
    };
    rows.forEach((name, i) => {
      const top = 16 + i * row, middle = top + row / 2 - 8, reach = row / 2 - 12;
      if (name === "seen") {
        const seen = data.seen ? decode(data.seen) : [];
        let path = "", open = false;
        seen.forEach((v, k) => { const s = from + k * 0.02; if (v === null || s > to) { open = false; return; } path += `${open ? "L" : "M"}${short(x(s))} ${short(middle + reach - v * 2 * reach)}`; open = true; });
        svg.append(shape("path", { class: "mouth", d: path }));
      } else if (data.sound) {
        const shift = name === "moved" ? offset / 1000 : 0, [start, letters] = data.sound;
        let upper = "", lower = "";
        decode(letters).forEach((v, k) => {
          const s = start + k * 0.01 + shift;
          if (s < from || s > to) return;
          upper += `${upper ? "L" : "M"}${short(x(s))} ${short(middle - v * reach)}`;
          lower = `L${short(x(s))} ${short(middle + v * reach)}` + lower;
        });
        if (upper) svg.append(shape("path", { class: "wave", d: upper + lower + "Z" }));
      }
      svg.append(text(left, top - 4, names[name], "start", "quiet"));
    });
    const floor = row * rows.length + 12;
    if (data.moment) {
      const [heard, seenAt] = data.moment;
      svg.append(line(x(heard), 12, x(heard), 12 + row, "moment"));
      if (seenAt !== null && offset !== null) svg.append(line(x(seenAt), 12 + row, x(seenAt), floor, "moment"));
    }
    svg.append(line(left, floor, width - left, floor, "axis"), text(left, floor + 16, clock(from), "start", "quiet"), text(width - left, floor + 16, clock(to), "end", "quiet"));
    return svg;
  }

  // Frames around one moment; which of them is shown when the sound is heard, now and after the shift.
  function stills(data, offset) {
    if (!data.stills.length) return null;
    const nearest = s => (s === null ? -1 : data.stills.reduce((best, still, i) => (Math.abs(still[0] - s) < Math.abs(data.stills[best][0] - s) ? i : best), 0));
    const [heard, seenAt, words] = data.moment || [null, null, ""];
    // The frame on screen at that time: the last one that began by then.
    const showing = s => (s === null ? -1 : data.stills.reduce((best, still, i) => (still[0] <= s + 1e-3 && (best < 0 || still[0] >= data.stills[best][0]) ? i : best), -1));
    let now = showing(heard), then = offset === null ? -1 : showing(seenAt);
    if (now < 0) now = nearest(heard);
    if (then < 0 && offset !== null) then = nearest(seenAt);
    return make("ul", { class: "stills" }, ...data.stills.map(([s, w, h, address], i) => {
      const isNow = i === now, isThen = i === then;
      const said = isNow && isThen ? `${words}: heard here, now and after the shift` : isNow ? `${words}: heard here now` : isThen ? `${words}: heard here after the shift` : "";
      return make("li", { class: isNow ? "now" : isThen ? "then" : null },
        make("img", { src: address, width: w, height: h, alt: `frame at ${instant(s)}` }), `${instant(s)} ${said}`);
    }));
  }

  // Words or cues, coloured by trust; marks accompany the colours.
  function words(items, more) {
    const level = t => (t === null ? "" : t < 0.3 ? "t0 low" : t < 0.6 ? "t1 middle" : t < 0.85 ? "t2" : "t3");
    const out = make("p", { class: "words" });
    for (const [said, start, end, trust, offset, flags] of items) {
      const about = [`${clock(start)} to ${clock(end)}`, trust === null ? "trust unknown" : `trust ${trust}`, offset === null ? "" : place(offset), ...flags].filter(Boolean).join(", ");
      out.append(make("span", { class: `word ${level(trust)}`, title: about }, said, flags.length ? make("sup", {}, flags.join(" ")) : null), " ");
    }
    if (more) out.append(`… and ${more} more`);
    return out;
  }

  // Segments with their own offsets, over the subject's time.
  function steps(segments, tolerance, label) {
    const width = breadth(480), height = 140, left = 10, floor = 112, ceiling = 14;
    const from = segments[0][0], to = segments[segments.length - 1][1];
    const values = segments.map(s => s[2]).concat([0], tolerance ? [tolerance[2], tolerance[3]] : []);
    const low = Math.min(...values), high = Math.max(...values);
    const x = s => left + (s - from) / Math.max(to - from, 1e-6) * (width - 2 * left);
    const y = ms => floor - (ms - low) / Math.max(high - low, 1e-6) * (floor - ceiling);
    const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    if (tolerance) svg.append(shape("rect", { x: left, width: width - 2 * left, y: short(y(tolerance[3])), height: short(y(tolerance[2]) - y(tolerance[3])), class: "zone-outer" }),
      shape("rect", { x: left, width: width - 2 * left, y: short(y(tolerance[1])), height: short(y(tolerance[0]) - y(tolerance[1])), class: "zone-inner" }));
    svg.append(line(left, y(0), width - left, y(0), "axis"));
    for (const [start, end, ms] of segments) svg.append(line(x(start), y(ms), x(end), y(ms), "mark"), text(x(start) + 3, y(ms) - 4, place(ms), "start"));
    svg.append(text(left, height - 6, clock(from), "start", "quiet"), text(width - left, height - 6, clock(to), "end", "quiet"));
    return svg;
  }

  return { make, place, clock, curve, excerpt, stills, words, steps };
})();
