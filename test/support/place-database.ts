import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

type Value = string | number | { readonly [key: string]: Value };
type Tree = [Tree | Value | undefined, Tree | Value | undefined];

/** A file of the MaxMind DB File Format 2.0: IPv4 networks, given by their leading bytes such as '192.0.2', and what is told of them. */
export function placeDatabase(networks: Readonly<Record<string, Value>>, type = 'GeoLite2-City'): Buffer {
  const root: Tree = [undefined, undefined];
  for (const [network, told] of Object.entries(networks)) insert(root, bitsOf(network), told);
  const nodes: Tree[] = [];
  const number = (tree: Tree) => {
    nodes.push(tree);
    for (const side of tree) if (Array.isArray(side)) number(side);
  };
  number(root);
  const data: Buffer[] = [];
  const records = nodes.flatMap((node) => node.map((side) => record(side)));
  function record(side: Tree | Value | undefined): number {
    if (side === undefined) return nodes.length;
    if (Array.isArray(side)) return nodes.indexOf(side);
    const offset = Buffer.concat(data).length;
    data.push(encode(side));
    return nodes.length + 16 + offset;
  }
  const tree = Buffer.alloc(records.length * 3);
  records.forEach((value, index) => {
    tree.writeUIntBE(value, index * 3, 3);
  });
  const metadata = encode({
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 0 },
    ...{ database_type: type, description: { en: 'Made by a test' }, ip_version: 6 },
    ...{ node_count: nodes.length, record_size: 24 },
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

export function savedDatabase(t: TestContext, content: Buffer | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-places-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'places.mmdb');
  writeFileSync(file, content);
  return file;
}

/** IPv4 stands in the last 32 of 128 bits. */
function bitsOf(network: string): readonly (0 | 1)[] {
  const bytes = [...Array<number>(12).fill(0), ...network.split('.').map(Number)];
  return bytes.flatMap((byte) => [...byte.toString(2).padStart(8, '0')].map((bit) => (bit === '1' ? 1 : 0)));
}

function insert(root: Tree, bits: readonly (0 | 1)[], told: Value): void {
  let node = root;
  bits.forEach((bit, depth) => {
    if (depth === bits.length - 1) {
      node[bit] = told;
      return;
    }
    const next = node[bit];
    const below: Tree = Array.isArray(next) ? next : [undefined, undefined];
    node[bit] = below;
    node = below;
  });
}

const kinds = { text: 2, number: 6, map: 7 };

function encode(value: Value): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(kinds.number, 4), bytes]);
  }
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(kinds.text, bytes.length), bytes]);
  }
  const members = Object.entries(value);
  return Buffer.concat([
    control(kinds.map, members.length),
    ...members.flatMap(([key, each]) => [encode(key), encode(each)]),
  ]);
}

/** Three bits of kind, five of size; from 29 on the rest of the size in a byte of its own. */
function control(kind: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(kind << 5) | size]) : Buffer.from([(kind << 5) | 29, size - 29]);
}
