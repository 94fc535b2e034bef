// Figures as a page and as a chart. A ratio is taken within a round, and told as the median of all with its quartiles.

const sorted = (values) => [...values].sort((one, other) => one - other);
const quantile = (values, part) => sorted(values)[Math.round(part * (values.length - 1))];
const median = (values) => quantile(values, 0.5);

/** Two series of the same rounds, put together round by round. */
const together = (one, other, combine) => one.map((value, round) => combine(value, other[round]));

const spread = (values, digits, unit = "") => {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(values, part).toFixed(digits));
  return `${middle}${unit} (${low} to ${high})`;
};
const ratio = (one, base) => together(one, base, (a, b) => a / b);
const added = (one, base, factor) => together(one, base, (a, b) => (a - b) * factor);
const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function calls(title, measures) {
  const head = [title, "auth0-users: ratio", "added", "auth0: ratio", "added"];
  const rows = Object.entries(measures).map(([name, { "bare fetch": bare, ...others }]) => [
    name,
    ...["auth0-users", "auth0"].flatMap((who) => [
      spread(ratio(others[who], bare), 2),
      spread(added(others[who], bare, 1_000), 0, " µs"),
    ]),
  ]);
  return table(head, rows);
}

function processes(title, measures) {
  const [base, ...others] = Object.keys(measures);
  const rows = others.map((name) => [name, spread(added(measures[name], measures[base], 1), 0, " ms")]);
  return table([title, `added to ${base}`], rows);
}

export function page({ versions, node, chromium, start, types, sizes }) {
  const { bundles, installed } = sizes;
  return `# Results

Written by \`cargo xtask bench\`: ${versions}. A local server, in a process of its own, answers at once. All contenders take
turns within each round; a figure is the median over the rounds, with the quartiles. Compare within this page only: a
quieter or faster machine has other microseconds.

A ratio is the time of a call to the time of a bare \`fetch\` with \`json()\` in the same round.

${calls("in Node.js", node)}

${calls("in Chromium", chromium)}

${processes("cold start: import, and make a client", start)}

${processes("`tsc` on a file that reads a user", types)}

${table(
  ["size", "in a page, minified, `gzip -9`"],
  Object.entries(bundles).map(([name, bytes]) => [name, kilobytes(bytes)]),
)}

${table(
  ["installed, with what it needs", "bytes", "files"],
  Object.entries(installed).map(([name, { bytes, files }]) => [name, kilobytes(bytes), String(files)]),
)}
`;
}

/** Bars for this package and the official one, each group by its own scale. */
export function chart({ node, start, sizes }) {
  const addedTo = (measure, base, name, factor) => median(added(measure[name], measure[base], factor));
  const once = node["one after the other"];
  const groups = [
    ["added to a call", "µs", (name) => addedTo(once, "bare fetch", name, 1_000)],
    ["added to the start of Node.js", "ms", (name) => addedTo(start, "bare node", name, 1)],
    ["in a page, compressed", "kB", (name) => sizes.bundles[name] / 1_000],
    ["files installed", "", (name) => sizes.installed[name].files],
  ];
  const [left, width, row] = [230, 360, 22];
  const bars = groups.flatMap(([title, unit, value], group) => {
    const values = ["auth0-users", "auth0"].map((name) => [name, value(name)]);
    const most = Math.max(...values.map(([, value]) => value));
    const top = 20 + group * 66;
    return [
      `<text x="10" y="${top + 20}" class="title">${title}</text>`,
      ...values.flatMap(([name, value], place) => {
        const y = top + place * row;
        const length = Math.max(2, (Math.max(0, value) / most) * width).toFixed(1);
        const text = `${value.toFixed(0)}${unit && ` ${unit}`} ${name}`;
        return [
          `<rect x="${left}" y="${y}" width="${length}" height="16" rx="3" class="${place === 0 ? "ours" : "theirs"}"/>`,
          `<text x="${left + Number(length) + 8}" y="${y + 13}">${text}</text>`,
        ];
      }),
    ];
  });
  const height = 20 + groups.length * 66;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 ${height}" width="740" height="${height}" role="img" aria-label="auth0-users beside auth0: what they add to a call and to the start, and what they weigh">
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600 }
.ours { fill: #c2410c }
.theirs { fill: #8c959f }
@media (prefers-color-scheme: dark) { text { fill: #adbac7 } .ours { fill: #fb923c } .theirs { fill: #768390 } }
</style>
${bars.join("\n")}
</svg>
`;
}
