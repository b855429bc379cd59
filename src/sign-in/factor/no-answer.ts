import type { z } from 'zod';
import type { FactorKind } from '../../factors/kind.ts';
import { invalid, type Outcome } from '../outcome.ts';

/** What was typed is no answer of this kind: told at its field, in its words. */
export function noAnswer({ field, shape }: Pick<FactorKind, 'field' | 'shape'>, { issues }: z.ZodError): Outcome {
  const code = issues[0]?.message ?? 'code_shape';
  return { ...invalid(field, code), ...(code === shape ? { unjudged: true } : {}) };
}
