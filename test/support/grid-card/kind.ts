import type { FactorKind } from '../../../src/factors/kind.ts';

/** A card with a grid of letters; three of its cells are asked for. */
export const gridCardKind = {
  kind: 'grid-card',
  level: '2fa',
  amr: ['kba', 'mfa'],
  guessable: true,
  field: 'letters',
  shape: 'letters_shape',
  wrong: 'letters_rejected',
} as const satisfies FactorKind;
