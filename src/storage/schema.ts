import { Schema, type SchemaDefinition } from 'mongoose';

/** The schema of one collection: an unknown field throws in a write and in a filter, and a filter without a value never leaves the process. */
export function storedIn<Row>(collection: string, definition: SchemaDefinition): Schema<Row> {
  const schema = new Schema<Row>(definition as SchemaDefinition<Row>, {
    collection,
    strict: 'throw',
    strictQuery: 'throw',

    versionKey: false,
    id: false,
    autoIndex: false,
    autoCreate: false,
  });
  schema.pre(/^(find|update|delete|replace|count|distinct)/, function (this: { getFilter(): object }) {
    exact(this.getFilter());
  });
  return schema;
}

/** A part of a row that has no life of its own. */
export function part(definition: SchemaDefinition): Schema {
  return new Schema(definition, { strict: 'throw', strictQuery: 'throw', _id: false, id: false });
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
