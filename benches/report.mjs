// The results as a table and as a chart.

const text = (row, value) => `${value.toFixed(row.digits)}${row.unit}`;

/** A value, with the quartiles where it was measured in rounds. */
function cell(row, value) {
  if (value === undefined) return "";
  if (!Array.isArray(value)) return text(row, value);
  const [low, middle, high] = value;
  return `${text(row, middle)} (${low.toFixed(row.digits)} to ${high.toFixed(row.digits)})`;
}

const middle = (value) => (Array.isArray(value) ? value[1] : value);

/** A table with columns of equal width, as prettier writes it. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}

export function markdown(rows, machine) {
  const lines = rows.map((row) => {
    const isMet = middle(row.own) <= row.target;
    return [
      row.name,
      cell(row, row.own),
      cell(row, row.official),
      `${text(row, row.target)}${isMet ? "" : ", missed"}`,
    ];
  });
  return `# Side by side

Written by \`cargo xtask bench\`: ${machine}.

All contenders run in turns in one run, against a server on the same machine in a process of its own; a ratio or a
difference is taken within a round. The numbers are medians, with the quartiles over all rounds in parentheses.

${table([["", "auth0-users", "auth0 7.1.0", "Target"], ...lines])}

- A call gets one user of 0.6 kB. Bare \`fetch\` is \`fetch\` with a token and \`json()\`, no more.
- A cold start imports the package and makes a client, over starting Node.js alone; of \`auth0/users\` it takes
  ${cell(
    rows.find((row) => row.alone),
    rows.find((row) => row.alone).alone,
  )}.
- The browser entry is all of it, bundled by esbuild and compressed with \`gzip -9\`.
- Installed is the package with what it depends on; \`tsc\` checks a file that gets a user, with \`skipLibCheck\`.
`;
}

const ROW = 44;
const LEFT = 250;
const WIDTH = 380;

/** Two bars for each measure, as long as they compare. It brings its own background, light or dark. */
export function chart(rows) {
  const shown = rows.filter(({ name }) => !name.includes("files"));
  const bars = shown.map((row, place) => {
    const values = [row.own, row.official].map((value) => Math.max(0, middle(value)));
    const longest = Math.max(...values);
    const y = 56 + place * ROW;
    const bar = (value, kind, y) => {
      const width = Math.max(2, (value / longest) * WIDTH).toFixed(1);
      const label = text(row, value);
      return `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width}" height="14" rx="2"/>
<text class="small" x="${(LEFT + Number(width) + 6).toFixed(1)}" y="${y + 11}">${label}</text>`;
    };
    return `<text x="${LEFT - 12}" y="${y + 20}" text-anchor="end">${row.name}</text>
${bar(values[0], "own", y)}
${bar(values[1], "official", y + 16)}`;
  });
  const height = 64 + shown.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" role="img" aria-labelledby="title">
<title id="title">auth0-users beside auth0 7.1.0; less is better</title>
<style>
svg { --back: #ffffff; --text: #1f2328; --own: #b3450f; --official: #8c959f; font: 14px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --back: #0d1117; --text: #e6edf3; --own: #f0883e; --official: #6e7681; } }
.back { fill: var(--back); } text { fill: var(--text); } .small { font-size: 12px; }
.own { fill: var(--own); } .official { fill: var(--official); }
</style>
<rect class="back" width="720" height="${height}" rx="8"/>
<rect class="own" x="${LEFT}" y="20" width="12" height="12" rx="2"/><text x="${LEFT + 18}" y="31">auth0-users</text>
<rect class="official" x="${LEFT + 120}" y="20" width="12" height="12" rx="2"/><text x="${LEFT + 138}" y="31">auth0 7.1.0</text>
<text class="small" x="${LEFT + 250}" y="31">less is better</text>
${bars.join("\n")}
</svg>
`;
}
