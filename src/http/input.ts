import type { Context } from 'koa';
import getRawBody from 'raw-body';
import type { z } from 'zod';
import { metaOf, namesOf } from '../platform/fields.ts';
import { Problem } from '../platform/problem.ts';

export type Input = Readonly<Record<string, string>>;

type Pair = readonly [name: string, value: string];

const mostBytes = 64 * 1024;
const mostValueBytes = 1024;
const longestName = 64;

/** Stands in every form of ours beside its own fields (forgery.ts). */
const forgery = 'forgery';

/**
 * The fields of a form or a JSON object as plain strings, absent ones absent. Everything else is a 400 that names the
 * field: operators (`username[$ne]`), arrays, repetitions, nulls, unknown names, foreign bytes. What a route hands on to
 * a filter is therefore always a string that a person could have typed.
 */
export async function readInput(ctx: Context, form: z.ZodObject): Promise<Input> {
  refuseQuery(ctx);
  const names = [forgery, ...namesOf(form)];
  const pairs = await readPairs(ctx, names);
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    if (!names.includes(name) || seen.has(name)) throw badRequest(name); // guard: unknown-field-refused, repeated-field-refused
    seen.add(name);
    if (!isPlain(form, name, value)) throw badRequest(name);
  }
  return Object.fromEntries(pairs);
}

/** A value in the address would be logged on its way, and could stand beside another one in the body. */
function refuseQuery(ctx: Context): void {
  const [first] = new URLSearchParams(ctx.querystring).keys();
  if (ctx.querystring !== '') throw badRequest(first ?? ''); // guard: query-input-refused
}

function badRequest(field: string): Problem {
  return new Problem('bad_request', 400, { field: field.slice(0, longestName).toWellFormed() });
}

/** A NUL is a character of a password like any other; elsewhere something behind us might end the text there. */
function isPlain(form: z.ZodObject, name: string, value: string): boolean {
  if (!value.isWellFormed()) return false;
  const { most, isPassword } = name === forgery ? {} : metaOf(form, name);
  // What a person types is told at its field (fields.ts).
  if (most === undefined && Buffer.byteLength(value) > mostValueBytes) return false; // guard: value-well-formed-short
  return isPassword === true || !value.includes('\0'); // guard: nul-in-password-alone
}

async function readPairs(ctx: Context, fields: readonly string[]): Promise<readonly Pair[]> {
  const type = ctx.request.type;
  if (isEmpty(ctx)) return [];
  if (!isReadable(ctx)) throw new Problem('bad_request', 415);
  if (type === 'application/x-www-form-urlencoded') return readForm(await readText(ctx));
  if (type === 'application/json') return readJson(await readText(ctx), fields);
  throw new Problem('bad_request', 415);
}

function isEmpty({ req }: Context): boolean {
  return req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0;
}

function isReadable(ctx: Context): boolean {
  const charset = ctx.request.charset.toLowerCase();
  const encoding = ctx.get('Content-Encoding').toLowerCase();
  return ['', 'utf-8', 'utf8'].includes(charset) && ['', 'identity'].includes(encoding); // guard: compressed-body-refused
}

async function readText(ctx: Context): Promise<string> {
  if (Number(ctx.req.headers['content-length'] ?? 0) > mostBytes) throw new Problem('too_large', 413); // guard: announced-body-bounded
  const bytes = await getRawBody(ctx.req, { limit: mostBytes }).catch((cause: unknown) => {
    // guard: unannounced-body-cut
    const tooLarge = (cause as { type?: string }).type === 'entity.too.large';
    throw tooLarge ? new Problem('too_large', 413) : new Problem('bad_request', 400, { cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); // guard: invalid-utf8-refused
  } catch {
    throw new Problem('bad_request', 400);
  }
}

function readForm(text: string): readonly Pair[] {
  return text
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [name = '', ...value] = piece.split('=');
      const decodedName = decodeStrictly(name, name);
      return [decodedName, decodeStrictly(value.join('='), decodedName)];
    });
}

/** decodeURIComponent refuses what is no UTF-8; URLSearchParams would put a replacement character, so that two inputs become one. */
function decodeStrictly(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest(field);
  }
}

/** A stranger's thousands of names cost one look each: the first that no form has ends it, before anything is compared. */
function readJson(text: string, fields: readonly string[]): readonly Pair[] {
  const pairs = Object.entries(parseObject(text));
  for (const [name] of pairs) if (!fields.includes(name)) throw badRequest(name); // guard: first-unknown-name-ends
  for (const [name, value] of pairs) if (typeof value !== 'string') throw badRequest(name); // guard: json-text-values
  refuseRepeatedNames(text, pairs.length); // guard: json-name-once
  return pairs as Pair[];
}

function parseObject(text: string): object {
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Problem('bad_request', 400); // guard: json-object-alone
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('bad_request', 400);
  }
}

/** JSON.parse lets the last of two equal names win. A string before a colon is a name; a value is never told as one. */
function refuseRepeatedNames(text: string, known: number): void {
  const tokens = text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/gs);
  const seen = new Set<string>();
  let names = 0;
  for (const [, token = '', colon] of tokens) {
    if (colon === undefined) continue; // guard: value-never-told-as-name
    const name = String(JSON.parse(token));
    if (seen.has(name)) throw badRequest(name);
    seen.add(name);
    names += 1;
  }
  if (names !== known) throw badRequest('');
}
