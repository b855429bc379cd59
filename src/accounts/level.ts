/** What proofs amount to, upwards: each level meets what those before it meet. The one list of them. */
export const ranking = ['1fa', 'recovery', 'remembered', '2fa-email', '2fa-sms', '2fa', 'phr'] as const;

export type Level = (typeof ranking)[number];

export function meets(reached: Level, requested: Level): boolean {
  return rank(reached) >= rank(requested); // guard: level-met-by-higher
}

function rank(level: Level): number {
  return ranking.indexOf(level);
}
