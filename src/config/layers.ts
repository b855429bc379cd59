import { join } from 'node:path';
import { isTree, type ReportFault, readYaml, type Tree } from './yaml-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Variable {
  readonly path: string;
  readonly name: string;
  readonly format: string;
}

const environments = ['development', 'production', 'test'];

/** Absent means production: who forgets to say so must get the strict rules, not the lenient ones. */
export function chosenEnvironment(env: Environment): string {
  return env.NODE_ENV || 'production'; // guard: environment-defaults-production
}

/** default.yaml <- <NODE_ENV>.yaml <- local.yaml <- environment variables. Unchecked: the schema comes after. */
export function readLayers(folder: string, { env, report }: { env: Environment; report: ReportFault }): Tree {
  const environment = chosenEnvironment(env);
  const named = environments.includes(environment) ? [readYaml(join(folder, `${environment}.yaml`), report)] : [];
  // What a developer set for themselves must not decide whether the tests pass.
  const local = environment === 'test' ? {} : readYaml(join(folder, 'local.yaml'), report, { optional: true });
  const overriding = [...named, local];
  if (overriding.some((layer) => 'environment' in layer))
    // guard: environment-not-from-file
    report('environment', 'is chosen by NODE_ENV alone; remove it from the file');
  const files = [readYaml(join(folder, 'default.yaml'), report), ...overriding];
  return [...files, fromVariables(readVariables(folder, report), env), { environment }].reduce(merge, {});
}

/** What config/custom-environment-variables.yaml says, flat. */
export function readVariables(folder: string, report: ReportFault): readonly Variable[] {
  return flatten(readYaml(join(folder, 'custom-environment-variables.yaml'), report), []);
}

function flatten(tree: Tree, above: readonly string[]): readonly Variable[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = [...above, key];
    if (typeof value === 'string') return [{ path: path.join('.'), name: value, format: 'text' }];
    if (!isTree(value)) return [];
    const { __name: name, __format: format } = value;
    if (typeof name !== 'string') return flatten(value, path);
    return [{ path: path.join('.'), name, format: String(format) }];
  });
}

/**
 * Kubernetes fills TWOFOLD_PORT with tcp://10.0.0.1:3000 for a service of the name twofold. Such a variable was set by nobody
 * who meant the setting.
 */
export function foreignVariables(variables: readonly Variable[], env: Environment): readonly Variable[] {
  return variables.filter(({ name, format }) => format === 'number' && /^(tcp|udp|sctp):\/\//.test(env[name] ?? ''));
}

function fromVariables(variables: readonly Variable[], env: Environment): Tree {
  const foreign = foreignVariables(variables, env);
  return variables
    .filter((variable) => !foreign.includes(variable))
    .map(({ path, name, format }) => {
      // A line break that a file or a shell left at the end belongs to no value.
      const text = env[name]?.trim();
      if (!text) return {};
      return path.split('.').reduceRight<unknown>((value, key) => ({ [key]: value }), readText(text, format)) as Tree;
    })
    .reduce(merge, {});
}

/** A text that is not what its format says stays a text; the schema then tells what was expected, without the value. */
function readText(text: string, format: string): unknown {
  if (format === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (format === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (format === 'list') return text.split(',').map((item) => item.trim());
  if (format !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Groups are merged, lists and values replaced; an empty value says nothing. */
function merge(lower: Tree, upper: Tree): Tree {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    if (isTree(value)) merged.set(key, merge(isTree(below) ? below : {}, value));
    else if (value !== null) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
