// When users were created, as it is hard for whoever reads all of them.

export const YEAR = 31_536_000_000;
const FIRST = Date.UTC(2015, 0, 1);

/** Bursts of some sizes in turn, each in one millisecond, so far from one another. */
export const bursts = (sizes, apart) => (n) => {
  const all = sizes.reduce((sum, size) => sum + size);
  let rest = n % all;
  const turn = sizes.findIndex((size) => (rest -= size) < 0);
  return (Math.floor(n / all) * sizes.length + turn) * apart;
};

/** So many of `count` users from the nth on, whose place in time `at` tells, in milliseconds after the first of them. */
export const made = (count, at, begin = 0, some = count) =>
  Array.from({ length: Math.min(some, count - begin) }, (_, index) => {
    const n = begin + index;
    return {
      user_id: `auth0|u${String((n * 7_919) % count).padStart(6, "0")}`,
      email: `u${n}@example.com`,
      created_at: new Date(FIRST + at(n)).toISOString(),
    };
  });
