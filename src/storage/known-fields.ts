import type { Schema, SchemaType } from 'mongoose';

const alternatives: readonly string[] = ['$and', '$or', '$nor'];
const wholeValues: readonly string[] = ['$set', '$setOnInsert', '$push', '$addToSet'];

/**
 * Throws on a field that the schema of a collection does not name, in a filter, in a write and in the parts of a row. What the
 * schema stores as given (Mixed, maps) is not looked into, nor a pipeline, which is written in storage/ alone: nothing from
 * outside names a field in one.
 */
export function knownFields(schema: Schema, collection: string) {
  /** The schema of the part at `path`; undefined where a value without named fields stands. */
  function partAt(within: Schema, path: string): Schema | undefined {
    let part: Schema | undefined = within;
    for (const segment of path.split('.')) {
      if (!part) return undefined;
      if (/^(\$.*|\d+)$/.test(segment)) continue;
      const type: SchemaType | undefined = Object.hasOwn(part.paths, segment) ? part.paths[segment] : undefined; // guard: inherited-name-no-field
      if (!type) throw new TypeError(`Field "${path}" is not in schema of ${collection}`); // guard: unknown-field-no-row
      part = (type as { readonly schema?: Schema }).schema;
    }
    return part;
  }

  function inFilter(filter: object, within = schema): void {
    for (const [path, value] of Object.entries(filter)) {
      if (alternatives.includes(path)) for (const one of value) inFilter(one, within);
      else if (!path.startsWith('$')) inCondition(value, partAt(within, path));
    }
  }

  function inCondition(condition: unknown, part: Schema | undefined): void {
    if (!part || !isObject(condition)) return;
    if (isObject(condition.$not)) inCondition(condition.$not, part);
    if (isObject(condition.$elemMatch)) inFilter(condition.$elemMatch, part); // guard: part-filter-fields-known
  }

  function inRow(row: object, within = schema): void {
    for (const [path, value] of Object.entries(row)) inValue(value, partAt(within, path));
  }

  function inValue(value: unknown, part: Schema | undefined): void {
    if (!part) return;
    for (const one of [value].flat()) if (isObject(one)) inRow(one, part); // guard: part-fields-known
  }

  function inUpdate(update: object): void {
    if (Array.isArray(update)) return;
    for (const [operator, fields] of Object.entries(update))
      for (const [path, value] of Object.entries(fields)) {
        const part = partAt(schema, path);
        if (wholeValues.includes(operator)) inValue(isObject(value) && '$each' in value ? value.$each : value, part);
      }
  }

  return { inFilter, inRow, inUpdate };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
