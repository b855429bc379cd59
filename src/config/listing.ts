import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readVariables } from './layers.ts';
import { settingsSchema } from './schema.ts';
import { isTree, readYaml, type Tree } from './yaml-file.ts';

export interface SettingLine {
  readonly path: string;
  /** Its value in config/default.yaml; absent when it has none. */
  readonly preset?: unknown;
  readonly variable?: string;
  readonly meaning: string;
}

const projectFolder = fileURLToPath(new URL('../../config', import.meta.url));

/** Every setting in the schema's order, for the README and for the test that holds schema, files and variables together. */
export function listSettings(folder = projectFolder): readonly SettingLine[] {
  const fail = (file: string, sentence: string) => {
    throw new Error(`${file} ${sentence}`);
  };
  const presets = readYaml(join(folder, 'default.yaml'), fail);
  const variables = new Map(readVariables(folder, fail).map(({ path, name }) => [path, name]));
  return leaves(z.toJSONSchema(settingsSchema, { io: 'input' }) as Tree, []).map(({ path, meaning }) => {
    const preset = path.split('.').reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), presets);
    const variable = variables.get(path);
    return { path, meaning, ...(preset == null ? {} : { preset }), ...(variable ? { variable } : {}) };
  });
}

function leaves(schema: Tree, above: readonly string[]): readonly { path: string; meaning: string }[] {
  const { properties, description } = schema;
  if (!isTree(properties) || typeof description === 'string')
    return [{ path: above.join('.'), meaning: String(description ?? '') }];
  return Object.entries(properties).flatMap(([key, inner]) => leaves(inner as Tree, [...above, key]));
}
