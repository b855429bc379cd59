/** The configuration cannot be used. `faults` are sentences for whoever runs Twofold; none of them holds a setting's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}`);
    this.faults = faults;
  }
}

export interface Faults {
  /** `path` is the setting as README and files name it; its environment variable is named beside it. */
  readonly about: (path: string, sentence: string) => void;
  readonly list: readonly string[];
}

/** Collects instead of throwing, so that one start tells everything that is wrong. */
export function collectFaults(variables: ReadonlyMap<string, string>): Faults {
  const list: string[] = [];
  return {
    list,
    about(path, sentence) {
      const variable = variableOf(path, variables);
      list.push(`${path}${variable ? ` (${variable})` : ''}: ${sentence}`);
    },
  };
}

/** keys.cookies.0 is set by the variable of keys.cookies; a file or a client in it by none. */
function variableOf(path: string, variables: ReadonlyMap<string, string>): string | undefined {
  if (!/^[A-Za-z0-9.]+$/.test(path)) return undefined;
  const parts = path.split('.');
  const ancestors = parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
  return ancestors.map((ancestor) => variables.get(ancestor)).find((variable) => variable !== undefined);
}
