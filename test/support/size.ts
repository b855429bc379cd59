import { env } from 'node:process';

/** Small in `npm test`; TWOFOLD_TEST_SIZE=long makes the same tests run as long as it takes to believe them. */
export const isLong = env.TWOFOLD_TEST_SIZE === 'long';

export function size(small: number, long: number): number {
  return isLong ? long : small;
}
