import { Schema, type SchemaDefinition } from 'mongoose';

/** The fields of one collection. Its rows are asked for by checked-rows.ts, which holds every filter and every write to them. */
export function storedIn<Row>(collection: string, definition: SchemaDefinition): Schema<Row> {
  const options = { collection, versionKey: false, id: false } as const;
  return new Schema<Row>(definition as SchemaDefinition<Row>, options);
}

/** A part of a row that has no life of its own. */
export function part(definition: SchemaDefinition): Schema {
  return new Schema(definition, { _id: false, id: false });
}

/** MongoDB takes null, and the driver undefined too, for "the field is absent", which matches strangers' rows; an empty filter matches all. */
export function exact<Filter extends object>(filter: Filter): Filter {
  if (Object.keys(filter).length === 0) throw new TypeError('A filter must name what it looks for'); // guard: filter-not-empty
  for (const [path, value] of Object.entries(filter)) requireValue(path, value); // guard: filter-values-present
  return filter;
}

function requireValue(path: string, value: unknown): void {
  if (value === undefined || value === null) throw new TypeError(`A filter has no value for ${path}`);
  if (typeof value !== 'object' || value instanceof Date) return;
  for (const [key, inner] of Object.entries(value)) requireValue(`${path}.${key}`, inner); // guard: filter-values-present-deep
}
