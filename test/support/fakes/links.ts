import type { LinkUse, StoredLink, StoredLinks } from '../../../src/delivery/links.ts';

/** Passes the same contract as storage/links. */
export function memoryLinks(): StoredLinks & { readonly rows: Map<string, StoredLink & { takenBy?: string }> } {
  const rows = new Map<string, StoredLink & { takenBy?: string }>();
  const open = ({ tokenHash, purpose, holderHash, now }: LinkUse) =>
    [...rows.values()].find(
      (row) =>
        row.tokenHash === tokenHash &&
        row.purpose === purpose &&
        row.expiresAt > now &&
        [undefined, holderHash].includes(row.takenBy),
    );
  const shown = ({ takenBy, ...link }: StoredLink & { takenBy?: string }) => ({
    ...link,
    taken: takenBy !== undefined,
  });
  return {
    rows,
    async put(place, link) {
      rows.set(place, { ...link });
    },
    async find(use) {
      const row = open(use);
      return row && shown(row);
    },
    async take(use) {
      const row = open(use);
      if (!row) return undefined;
      const first = row.takenBy === undefined;
      const link = shown(row);
      row.takenBy = use.holderHash;
      return { link, first };
    },
  };
}
