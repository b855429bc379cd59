import type { Connection, mongo, Schema } from 'mongoose';
import { onlyTaken, unmetPlace } from './connection.ts';
import { knownFields } from './known-fields.ts';
import { exact } from './schema.ts';

interface Update {
  readonly filter: object;
  readonly update: object;
  /** Makes the row where there is none. */
  readonly upsert?: boolean;
}

/** One of several in a row: `unmet` says that it has to meet a row that it may change. */
interface OrderedUpdate extends Update {
  readonly unmet?: unknown;
}

/**
 * The rows of a schema's collection, asked for without mongoose's casts and documents: those cost a sign-in more than what
 * they do. What its schemas guarantee holds here: a filter has a value for all it names, and a field that no row has is
 * refused in a filter and in a write, in the parts of a row too.
 */
export function checkedRows<Row extends { readonly _id: unknown }>(connection: Connection, schema: Schema<Row>) {
  const name = String(schema.get('collection'));
  const rows = connection.collection(name) as unknown as mongo.Collection<Row>;
  const known = knownFields(schema as unknown as Schema, name);

  const checked = (filter: object) => {
    known.inFilter(filter); // guard: filter-fields-known
    return exact(filter) as mongo.Filter<Row>; // guard: driver-filter-exact
  };
  const changing = (update: object) => {
    known.inUpdate(update); // guard: update-fields-known
    return update as mongo.UpdateFilter<Row>;
  };
  const whole = <Given extends object>(row: Given) => {
    known.inRow(row); // guard: new-row-fields-known
    return row;
  };

  return {
    async findOne(filter: object, options: mongo.FindOptions = {}): Promise<Row | null> {
      return (await rows.findOne(checked(filter), options)) as Row | null;
    },
    async find(filter: object, options: mongo.FindOptions = {}): Promise<Row[]> {
      return (await rows.find(checked(filter), options).toArray()) as Row[];
    },
    /** One row and, as `joined`, that of another collection which this row names by its id: one command where two reads would cost more. */
    async findJoined(filter: object, { from, by }: { readonly from: string; readonly by: keyof Row & string }) {
      const $lookup = { from, localField: by, foreignField: '_id', as: 'joined' };
      const [found] = await rows.aggregate([{ $match: checked(filter) }, { $lookup }]).toArray();
      if (!found) return undefined;
      const { joined, ...row } = found;
      return { row: row as unknown as Row, joined: (joined as readonly unknown[])[0] };
    },
    /** However many there are: each part is asked for by a command of its own, when the one before is done with. */
    async *inParts(filter: object, options: mongo.FindOptions & { readonly batchSize: number }): AsyncGenerator<Row[]> {
      const cursor = rows.find(checked(filter), options);
      while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as Row[];
    },
    /** What joins other rows; the stages after the filter are written in storage/ alone, as those of an update are. */
    async aggregate<Found>(filter: object, stages: readonly object[]): Promise<Found[]> {
      return (await rows.aggregate([{ $match: checked(filter) }, ...stages]).toArray()) as Found[];
    },
    async findOneAndUpdate(filter: object, update: object, options: mongo.FindOneAndUpdateOptions) {
      return (await rows.findOneAndUpdate(checked(filter), changing(update), options)) as Row | null;
    },
    async updateOne(filter: object, update: object, options: mongo.UpdateOptions = {}) {
      return rows.updateOne(checked(filter), changing(update), options);
    },
    async updateMany(filter: object, update: object) {
      return rows.updateMany(checked(filter), changing(update));
    },
    /** In one command; one that fails leaves the others done. */
    async updateEach(updates: readonly Update[]) {
      const all = updates.map(({ filter, update, upsert = false }) => ({
        updateOne: { filter: checked(filter), update: changing(update), upsert },
      }));
      await rows.bulkWrite(all, { ordered: false });
    },
    /**
     * In one command, one after the other, each a change of one row. Answers the one that met no row it may change, after which
     * none is done; undefined: all are.
     */
    async updateInOrder<Given extends OrderedUpdate>(updates: readonly Given[]): Promise<Given | undefined> {
      const all = updates.map(({ filter, update, upsert = false, unmet }) => {
        const change = unmet === undefined || upsert ? update : { ...update, ...madeByNone };
        return {
          updateOne: { filter: checked(filter), update: changing(change), upsert: upsert || change !== update },
        };
      });
      try {
        await rows.bulkWrite(all, { ordered: true });
        return undefined;
      } catch (error) {
        const place = unmetPlace(error);
        const last = place === undefined ? undefined : updates[place];
        if (last?.unmet === undefined) throw error;
        return last;
      }
    },
    async replaceOne(filter: object, row: Omit<Row, '_id'>, options: mongo.ReplaceOptions = {}) {
      return rows.replaceOne(checked(filter), whole(row) as mongo.WithoutId<Row>, options);
    },
    async deleteOne(filter: object) {
      return rows.deleteOne(checked(filter));
    },
    async deleteMany(filter: object) {
      return rows.deleteMany(checked(filter));
    },
    async insertOne(row: Row) {
      await rows.insertOne(whole(row) as mongo.OptionalUnlessRequiredId<Row>);
    },
    async insertMany(several: readonly Row[]) {
      await rows.insertMany(several.map(whole) as mongo.OptionalUnlessRequiredId<Row>[]);
    },
    /** Those whose id nobody has yet; one that fails otherwise leaves the others done, and throws. */
    async insertNew(several: readonly Row[]) {
      const all = several.map(whole) as mongo.OptionalUnlessRequiredId<Row>[];
      await rows.insertMany(all, { ordered: false }).catch((error: unknown) => {
        if (!onlyTaken(error)) throw error; // guard: only-taken-ids-passed-over
      });
    },
  };
}

/** An update that meets no row is none to the server, which goes on with the next; one that would make a row that cannot be is refused, and the last. */
const madeByNone = { $setOnInsert: { _id: '' } } as const; // guard: unmet-update-last
