(() => {
  const { make } = Drawing;
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const head = read("head"), rows = read("rows");
  const verdicts = head.verdicts, texts = head.texts;
  let explanations = null, excerpts = null;
  const [PATH, VERDICT, WORDS, OFFSET, WORST, SECONDS, CONFIDENCE, ATTRIBUTES, FINDINGS, DECISIVE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [CHECK, FVERDICT, FWORDS, FOFFSET, LOW, HIGH, FCONFIDENCE, REASONS, CURVE] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const byId = id => document.getElementById(id);
  const list = byId("list"), form = byId("filters"), pager = byId("pager"), root = document.documentElement;
  const perPage = 100;
  let page = 0, shown = [], opened = new Set();

  // Light and dark: the reader's choice overrides the system's; it is not remembered.
  const theme = byId("theme"), isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours"); };
  theme.hidden = false;
  nameTheme();
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
  if (!list) return;
  document.querySelector(".keys").hidden = false;
  form.hidden = false;

  // The search text, built when idle, at the latest when the first letter is typed.
  let haystack = null;
  const searched = i => {
    haystack ??= rows.map(r => [r[PATH], r[WORDS], verdicts[r[VERDICT]], ...r[ATTRIBUTES].filter((_, k) => k % 2).map(n => texts[n]),
      ...r[FINDINGS].flatMap(f => [f[FWORDS], ...f[REASONS].map(n => texts[n])])].join("\n").toLowerCase());
    return haystack[i];
  };
  if (rows.length) (window.requestIdleCallback || setTimeout)(() => searched(0));

  // Filters.
  const counts = new Map(), checks = new Set(), values = new Map();
  for (const r of rows) {
    counts.set(r[VERDICT], (counts.get(r[VERDICT]) || 0) + 1);
    for (const f of r[FINDINGS]) checks.add(texts[f[CHECK]]);
    for (let k = 0; k < r[ATTRIBUTES].length; k += 2) {
      const name = r[ATTRIBUTES][k], of = values.get(name) || values.set(name, new Map()).get(name);
      of.set(r[ATTRIBUTES][k + 1], (of.get(r[ATTRIBUTES][k + 1]) || 0) + 1);
    }
  }
  const severity = ["failed", "unpaired", "misaligned", "marginal", "inconclusive", "in-sync", "measured", "not-applicable"];
  for (const name of severity) {
    const code = verdicts.indexOf(name);
    if (!counts.get(code)) continue;
    byId("verdicts").append(make("label", { class: name }, make("input", { type: "checkbox", name: "verdict", value: code }), `${name} `, make("small", {}, String(counts.get(code)))));
  }
  for (const name of [...checks].sort()) byId("check").append(make("option", { value: name }, name));
  for (const [name, of] of values) {
    // An attribute whose value differs for each clip is no useful filter.
    if (of.size < 2 || of.size > 300) continue;
    const group = make("optgroup", { label: head.attributes[name] });
    for (const [v, n] of [...of].sort((a, b) => b[1] - a[1])) group.append(make("option", { value: `${name}:${v}` }, `${texts[v]} (${n})`));
    byId("attribute").append(group);
  }
  for (const control of ["attribute", "check"]) if (byId(control).querySelectorAll("option").length < 3) { byId(control).hidden = true; document.querySelector(`label[for=${control}]`).hidden = true; }

  const orders = {
    worst: (a, b) => a - b,
    path: (a, b) => (rows[a][PATH] < rows[b][PATH] ? -1 : rows[a][PATH] > rows[b][PATH] ? 1 : a - b),
    offset: (a, b) => (rows[a][OFFSET] ?? Infinity) - (rows[b][OFFSET] ?? Infinity) || a - b,
    confidence: (a, b) => (rows[a][CONFIDENCE] ?? 2) - (rows[b][CONFIDENCE] ?? 2) || a - b,
    duration: (a, b) => (rows[b][SECONDS] ?? -1) - (rows[a][SECONDS] ?? -1) || a - b,
  };
  function choose() {
    const wanted = new Set([...form.querySelectorAll("[name=verdict]:checked")].map(c => Number(c.value)));
    const parts = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [attribute, v] = byId("attribute").value.split(":").map(Number), check = byId("check").value;
    const has = r => { for (let k = 0; k < r[ATTRIBUTES].length; k += 2) if (r[ATTRIBUTES][k] === attribute && r[ATTRIBUTES][k + 1] === v) return true; return false; };
    shown = [];
    for (let i = 0; i < rows.length; i++) {
      const r = rows[i];
      if (wanted.size && !wanted.has(r[VERDICT])) continue;
      if (byId("attribute").value && !has(r)) continue;
      if (check && !r[FINDINGS].some(f => texts[f[CHECK]] === check)) continue;
      if (parts.length && !parts.every(p => searched(i).includes(p))) continue;
      shown.push(i);
    }
    const order = byId("sort").value;
    if (order !== "worst") shown.sort(orders[order]);
    page = 0;
    draw();
  }

  // The list.
  const length = s => (s === null ? "" : s < 90 ? `${Math.round(s)} s` : s < 5400 ? `${Math.round(s / 60)} min` : `${(s / 3600).toFixed(1)} h`);
  const named = path => {
    const cut = path.lastIndexOf("/") + 1;
    return cut ? [make("span", { class: "folder" }, path.slice(0, cut)), path.slice(cut)] : [path];
  };
  function row(i) {
    const r = rows[i], name = verdicts[r[VERDICT]], isOpen = opened.has(i);
    const button = make("button", { type: "button", class: "open", "aria-expanded": isOpen, "aria-controls": isOpen ? `detail-${i}` : null, "data-row": i }, ...named(r[PATH]));
    const made = make("tr", { role: "row" }, make("th", { role: "rowheader", scope: "row" }, button),
      make("td", { role: "cell" }, make("span", { class: `verdict ${name}` }, name)), make("td", { role: "cell" }, r[WORDS]),
      make("td", { role: "cell", class: "number" }, r[CONFIDENCE] === null || r[OFFSET] === null ? "" : r[CONFIDENCE].toFixed(2)), make("td", { role: "cell", class: "number" }, length(r[SECONDS])));
    return isOpen ? [made, detail(i)] : [made];
  }
  function draw(most = perPage) {
    const part = shown.slice(page * perPage, page * perPage + most);
    list.tBodies[0].replaceChildren(...part.flatMap(row));
    byId("count").textContent = shown.length === rows.length ? `${rows.length} clip${rows.length === 1 ? "" : "s"}${head.selected > rows.length ? ` of ${head.selected}` : ""}` : `${shown.length} of ${rows.length} clips`;
    const pages = Math.ceil(shown.length / perPage);
    pager.hidden = pages < 2;
    const back = make("button", { type: "button" }, "Previous"), on = make("button", { type: "button" }, "Next");
    back.disabled = page === 0;
    on.disabled = page >= pages - 1;
    back.addEventListener("click", () => turn(-1));
    on.addEventListener("click", () => turn(1));
    pager.replaceChildren(back, make("span", {}, `page ${page + 1} of ${pages}`), on);
    for (const cell of list.tHead.querySelectorAll("[data-sort]")) {
      if (cell.dataset.sort === byId("sort").value) cell.setAttribute("aria-sort", cell.dataset.sort === "duration" ? "descending" : "ascending"); else cell.removeAttribute("aria-sort");
    }
  }
  function turn(by) {
    const pages = Math.ceil(shown.length / perPage);
    if (page + by < 0 || page + by >= pages) return;
    page += by;
    draw();
    byId("clips").focus({ preventScroll: true });
    byId("clips").scrollIntoView();
  }
  for (const cell of list.tHead.querySelectorAll("[data-sort]")) {
    const button = make("button", { type: "button" }, cell.textContent);
    button.addEventListener("click", () => { byId("sort").value = cell.dataset.sort; choose(); });
    cell.replaceChildren(button);
  }

  // One clip.
  function detail(i) {
    explanations ??= read("explanations");
    excerpts ??= read("excerpts");
    const r = rows[i], about = explanations[i] || [], panel = make("div", { class: "panel" });
    const said = [];
    for (let k = 0; k < r[ATTRIBUTES].length; k += 2) said.push(`${head.attributes[r[ATTRIBUTES][k]]}: ${texts[r[ATTRIBUTES][k + 1]]}`);
    if (said.length) panel.append(make("p", { class: "legend" }, said.join(" · ")));
    if (!r[FINDINGS].length) panel.append(make("p", {}, r[WORDS]));
    // The decisive finding comes first.
    const order = r[FINDINGS].map((_, k) => k).sort((a, b) => (b === r[DECISIVE]) - (a === r[DECISIVE]) || a - b);
    for (const k of order) panel.append(finding(i, r, r[FINDINGS][k], about[k], k));
    return make("tr", { class: "detail", id: `detail-${i}`, role: "row" }, make("td", { role: "cell", colspan: 5 }, panel));
  }
  function finding(i, r, f, about, k) {
    const name = verdicts[f[FVERDICT]], words = f[FWORDS] || (k === r[DECISIVE] ? r[WORDS] : "");
    const out = make("div", { class: "finding" }, make("h3", {}, `${texts[f[CHECK]]} `, make("span", { class: `verdict ${name}` }, name)));
    const reasons = f[REASONS].map(n => texts[n]);
    if (words && !reasons.includes(words) && k !== r[DECISIVE]) out.append(make("p", {}, words));
    const lines = [...(about?.lines || []), ...reasons.map(t => `because ${t}`)];
    if (lines.length) out.append(make("ul", { class: "lines" }, ...lines.map(t => make("li", {}, t))));
    const sides = about?.sides || ["sound", "picture"], drawings = make("div", { class: "drawings" });
    const figure = (caption, ...parts) => drawings.append(make("figure", {}, make("figcaption", {}, caption), ...parts));
    if (f[CURVE]) figure(`How well each offset of the ${sides[0]} fits`, Drawing.curve(f[CURVE], f[FOFFSET], f[LOW], f[HIGH], about?.tolerance, `how well each offset of the ${sides[0]} fits; ${words}`));
    if (about?.segments) figure(`The offset over the clip`, Drawing.steps(about.segments, about.tolerance, about.lines.join("; ")));
    if (drawings.childNodes.length) out.append(drawings);
    if (k === r[DECISIVE] && excerpts[i]) out.append(excerpt(excerpts[i], f[FOFFSET], words));
    if (about?.items) out.append(make("h3", {}, "Text by trust"), make("p", { class: "legend" }, "underlined: low trust; dashed: doubtful; superscript: what is wrong"), Drawing.words(about.items, about.more));
    if (about?.gaps) out.append(make("p", {}, `Speech without text: ${about.gaps.map(g => `${Drawing.clock(g[0])} to ${Drawing.clock(g[1])}`).join(", ")}`));
    if (about?.evidence?.length) out.append(make("details", {}, make("summary", {}, "Evidence"), make("dl", { class: "evidence" }, ...about.evidence.map(([n, v]) => make("div", {}, make("dt", {}, n.replaceAll("_", " ")), make("dd", {}, v))))));
    return out;
  }
  function excerpt(data, offset, words) {
    const out = make("figure", {});
    if (data.note) out.append(make("figcaption", {}, data.note));
    if (data.span && data.sound) {
      const caption = `Audio and ${data.sight === "mouth" ? "mouth" : "video"}, ${Drawing.clock(data.span[0])} to ${Drawing.clock(data.span[1])}${data.moment ? `; the dashed line: ${data.moment[2]}` : ""}`;
      out.append(make("figcaption", {}, caption), Drawing.excerpt(data, offset, `${caption}; ${words}`));
    }
    const pictures = data.stills && Drawing.stills(data, offset);
    if (pictures) out.append(pictures);
    return out;
  }
  function toggle(button) {
    const i = Number(button.dataset.row), tr = button.closest("tr");
    if (opened.delete(i)) { tr.nextElementSibling.remove(); button.setAttribute("aria-expanded", "false"); button.removeAttribute("aria-controls"); return; }
    opened.add(i);
    tr.after(detail(i));
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-controls", `detail-${i}`);
  }
  list.addEventListener("click", event => { const button = event.target.closest(".open"); if (button) toggle(button); });

  form.addEventListener("input", choose);
  form.addEventListener("reset", () => setTimeout(choose));
  form.addEventListener("submit", event => event.preventDefault());
  for (const card of document.querySelectorAll("[data-verdict]")) card.addEventListener("click", () => {
    const code = verdicts.indexOf(card.dataset.verdict);
    for (const box of form.querySelectorAll("[name=verdict]")) box.checked = Number(box.value) === code;
    choose();
    setTimeout(() => byId("clips").focus({ preventScroll: true }));
  });
  byId("save").addEventListener("click", () => {
    const quoted = v => (/[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
    const lines = ["clip,verdict,offset_ms,confidence,what"].concat(shown.map(i => [rows[i][PATH], verdicts[rows[i][VERDICT]], rows[i][OFFSET] ?? "", rows[i][CONFIDENCE] ?? "", rows[i][WORDS]].map(v => quoted(String(v))).join(",")));
    const link = make("a", { download: "clips.csv", href: URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "/") { event.preventDefault(); byId("search").focus(); return; }
    if (event.key === "n" || event.key === "p") { turn(event.key === "n" ? 1 : -1); return; }
    if (event.key !== "j" && event.key !== "k") return;
    const buttons = [...list.querySelectorAll(".open")], here = buttons.indexOf(document.activeElement);
    const next = buttons[here < 0 ? 0 : Math.min(buttons.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });
  let before = 0;
  addEventListener("beforeprint", () => { before = page; page = 0; draw(500); });
  addEventListener("afterprint", () => { page = before; draw(); });
  choose();
})();
