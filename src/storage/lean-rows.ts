import type { Connection, mongo, Schema } from 'mongoose';
import { exact } from './schema.ts';

/**
 * The rows of a schema's collection, asked for without mongoose's casts and documents: those cost a sign-in more than what
 * they do. What its schemas guarantee is kept here: a filter has a value for all it names, and a field that no row has is
 * refused in a filter and in a write. Parts of a row are not looked into: who writes them from outside uses the model.
 */
export function leanRows<Row extends { readonly _id: string }>(connection: Connection, schema: Schema<Row>) {
  const name = String(schema.get('collection'));
  const rows = connection.collection(name) as unknown as mongo.Collection<Row>;
  const fields = new Set(Object.keys(schema.paths).map(topOf));

  const known = (names: readonly string[]) => {
    const foreign = names.find((path) => !fields.has(topOf(path)));
    if (foreign !== undefined) throw new TypeError(`Field "${foreign}" is not in schema of ${name}`); // guard: unknown-field-no-row
  };
  const asked = (filter: object) => {
    known(Object.keys(filter).filter((path) => !path.startsWith('$')));
    return exact(filter) as mongo.Filter<Row>; // guard: driver-filter-exact
  };
  /** Pipelines are written in storage/ and nowhere else: nothing from outside names a field in one. */
  const changing = (update: object) => {
    if (!Array.isArray(update)) known(Object.values(update).flatMap((fieldsOf) => Object.keys(fieldsOf))); // guard: update-fields-known
    return update as mongo.UpdateFilter<Row>;
  };
  const whole = <Given extends object>(row: Given) => {
    known(Object.keys(row)); // guard: new-row-fields-known
    return row;
  };

  return {
    async findOne(filter: object, options: mongo.FindOptions = {}): Promise<Row | null> {
      return (await rows.findOne(asked(filter), options)) as Row | null;
    },
    async findOneAndUpdate(filter: object, update: object, options: mongo.FindOneAndUpdateOptions) {
      return (await rows.findOneAndUpdate(asked(filter), changing(update), options)) as Row | null;
    },
    async updateOne(filter: object, update: object, options: mongo.UpdateOptions = {}) {
      return rows.updateOne(asked(filter), changing(update), options);
    },
    async updateMany(filter: object, update: object) {
      return rows.updateMany(asked(filter), changing(update));
    },
    async replaceOne(filter: object, row: Omit<Row, '_id'>, options: mongo.ReplaceOptions = {}) {
      return rows.replaceOne(asked(filter), whole(row) as mongo.WithoutId<Row>, options);
    },
    async deleteOne(filter: object) {
      return rows.deleteOne(asked(filter));
    },
    async insertOne(row: Row) {
      await rows.insertOne(whole(row) as mongo.OptionalUnlessRequiredId<Row>);
    },
    async insertMany(several: readonly Row[]) {
      await rows.insertMany(several.map(whole) as mongo.OptionalUnlessRequiredId<Row>[]);
    },
  };
}

function topOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}
