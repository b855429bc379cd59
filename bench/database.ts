import mongoose from 'mongoose';
import { type Counted, countCommands } from './counters.ts';

export interface WatchedDatabase {
  readonly pid: number;
  counted(): Promise<Counted>;
  close(): Promise<void>;
}

export async function watch(uri: string): Promise<WatchedDatabase> {
  const client = await mongoose.mongo.MongoClient.connect(uri);
  const status = () => client.db('admin').command({ serverStatus: 1 });
  return {
    pid: Number((await status()).pid),
    counted: async () => countCommands((await status()).metrics.commands),
    close: () => client.close(),
  };
}
