import { z } from 'zod';
import { longestTyped } from './plain-text.ts';

// Fields of forms: plain text that may be absent. What is missing or wrong is judged, and told, by the use case.

type Input = Readonly<Record<string, string>>;

/** What a field says of itself; one that says nothing is typed, and typed again. */
interface FieldMeta {
  /**
   * What a person may type into it, in characters as people count them: code points of the normal form in which they are
   * judged. Whoever pastes more is told at the field. Absent: nobody types it, and it is bounded where it is read.
   */
  readonly most?: number;
  /** It stays in the form when that is shown again, and may wait for a proof. */
  readonly restored?: true;
  /** Its characters are whatever they are. */
  readonly isPassword?: true;
}

/** Beside the schemas, so that what is derived from those is not full of our words. */
export const fields = z.registry<FieldMeta>();

const field = (meta: FieldMeta) => z.string().exactOptional().register(fields, meta);

/** A choice, or the name of something: ours, not typed. */
export const choice = () => field({});

/** A choice that stays made. */
export const lastingChoice = () => field({ restored: true });

/** What a person types and need not type twice. */
export const typed = (most = longestTyped) => field({ most, restored: true });

/** What counts once. */
export const typedOnce = () => field({ most: longestTyped });

export const password = () => field({ most: longestTyped, isPassword: true });

export function namesOf({ shape }: z.ZodObject): readonly string[] {
  return Object.keys(shape);
}

/** Names of the fields whose plain value stays in the form: no password and no code is ever among them. */
export function restoredOf(form: z.ZodObject): readonly string[] {
  return namesOf(form).filter((name) => metaOf(form, name).restored === true);
}

export function metaOf({ shape }: z.ZodObject, name: string): FieldMeta {
  const schema: unknown = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return (schema instanceof z.ZodType ? fields.get(schema) : undefined) ?? { most: longestTyped };
}

export interface TooLong {
  readonly field: string;
  readonly code: string;
  readonly params: { readonly max: number };
}

/** The fields that hold more than they may; undefined: none does. */
export function tooLong(
  form: z.ZodObject,
  input: Input,
): { readonly outcome: 'invalid'; readonly errors: readonly TooLong[] } | undefined {
  const errors = Object.entries(input).flatMap(([field, value]) => {
    const { most: max, isPassword } = metaOf(form, field);
    if (max === undefined || !exceeds(value, max)) return [];
    return [{ field, code: isPassword ? 'password_long' : 'too_long', params: { max } }];
  });
  return errors.length > 0 ? { outcome: 'invalid', errors } : undefined;
}

/** Without what is too long: for what is kept elsewhere than in the page. */
export function withinLengths(form: z.ZodObject, input: Input): Input {
  const within = ([name, value]: [string, string]) => !exceeds(value, metaOf(form, name).most ?? Infinity);
  return Object.fromEntries(Object.entries(input).filter(within));
}

function exceeds(value: string, max: number): boolean {
  return value.length > max && [...value.normalize('NFC')].length > max;
}
