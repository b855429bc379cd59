import mongoose from 'mongoose';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

const { MongoClient } = mongoose.mongo;

interface Row {
  readonly _id: string;
  readonly payload: AdapterPayload;
  readonly expiresAt?: Date;
}

/** The plainest adapter that works: payloads as they come, ids in clear, nothing conditional. */
export async function plainMongoAdapter(uri: string): Promise<AdapterFactory> {
  const client = await MongoClient.connect(uri);
  const db = client.db('floor_two');
  return (model): Adapter => {
    const rows = db.collection<Row>(model);
    const findBy = async (filter: object) => (await rows.findOne(filter))?.payload;
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAt = expiresIn ? { expiresAt: new Date(Date.now() + expiresIn * 1000) } : {};
        await rows.updateOne({ _id: id }, { $set: { payload, ...expiresAt } }, { upsert: true });
      },
      find: (id) => findBy({ _id: id }),
      findByUid: (uid) => findBy({ 'payload.uid': uid }),
      findByUserCode: (userCode) => findBy({ 'payload.userCode': userCode }),
      async consume(id) {
        await rows.updateOne({ _id: id }, { $set: { 'payload.consumed': Math.floor(Date.now() / 1000) } });
      },
      async destroy(id) {
        await rows.deleteOne({ _id: id });
      },
      async revokeByGrantId(grantId) {
        await rows.deleteMany({ 'payload.grantId': grantId });
      },
    };
  };
}

/** Without it findByUid scans, and the floor would sink by itself. */
export async function indexFloor(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  await client.db('floor_two').collection('Session').createIndex({ 'payload.uid': 1 });
  await client.close();
}
