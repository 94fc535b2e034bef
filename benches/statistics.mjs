/** The quartiles of numbers, the middle one of which is the median. */
export function quartiles(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return [0.25, 0.5, 0.75].map((part) => {
    const place = (sorted.length - 1) * part;
    const low = Math.floor(place);
    return sorted[low] + (sorted[Math.ceil(place)] - sorted[low]) * (place - low);
  });
}

/** Compares two contenders round by round, for what disturbs one of a round disturbs the other. */
export const compare = (one, other, how) => quartiles(one.map((value, round) => how(value, other[round])));

export const ratio = (one, other) => one / other;
export const difference = (one, other) => one - other;
