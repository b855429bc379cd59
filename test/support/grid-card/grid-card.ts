// A kind of factor that this product does not have, whole: what it is (kind.ts), what it does (factor.ts), how its proof is
// spent (spends.ts), its pages (views/) and its texts (texts.json). All that knows of it is the list that wire() gets.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../../src/storage/connection.ts';
import type { FurtherFactor } from '../../../src/wiring/further-factors.ts';
import { gridCardFactor } from './factor.ts';
import { gridCardKind } from './kind.ts';
import { mongoGridCardSpends } from './spends.ts';

export interface GridCard extends FurtherFactor {
  /** While it waits nobody's letters are judged. */
  readonly office: { waits: boolean };
}

export function gridCard(database: Database): GridCard {
  const office = { waits: false };
  const spends = mongoGridCardSpends(database);
  return {
    kind: gridCardKind,
    make: ({ base, core }) => gridCardFactor({ ...base, ...core, spends, officeWaits: () => office.waits }),
    views: fileURLToPath(new URL('views/', import.meta.url)),
    texts: JSON.parse(readFileSync(new URL('texts.json', import.meta.url), 'utf8')),
    office,
  };
}
