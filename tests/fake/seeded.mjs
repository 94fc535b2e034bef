/** A number from 0 up to 1 that these parts always give, so that a run can be repeated whatever overtakes what in it. */
export function draw(...parts) {
  let hash = 2_166_136_261;
  for (const letter of parts.join(" ")) hash = Math.imul(hash ^ letter.codePointAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export const pick = (list, ...parts) => list[Math.floor(draw(...parts) * list.length)];
