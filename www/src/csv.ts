// CSV as RFC 4180 has it, for spreadsheets.

/**
 * What spreadsheets take for the beginning of a formula. Users choose their own names, and a formula in one of them could
 * send the other cells to somebody else's server as soon as an operator opens the file.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : Array.isArray(value) ? value.join(" ") : JSON.stringify(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Comes before all else: without it Excel takes the text for something other than UTF-8. */
export const MARK = "\uFEFF";

export const csvRow = (values: readonly unknown[]): string => `${values.map(cell).join(",")}\r\n`;
