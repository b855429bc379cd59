import type Provider from 'oidc-provider';

interface Params {
  scope?: unknown;
}

/**
 * Blanks too many in `scope` say nothing: clients join lists that have an empty member, and the library refuses what RFC 6749 section
 * 3.3 does not spell. Taken out wherever the library reads the parameters of a request, so that every endpoint hears the same.
 */
export function takeLooseScopes({ OIDCContext }: Provider): void {
  const read = new WeakMap<object, Params>();
  Object.defineProperty(OIDCContext.prototype, 'params', {
    get(this: object) {
      return read.get(this);
    },
    set(this: object, params: Params) {
      if (typeof params.scope === 'string') params.scope = tidied(params.scope) || undefined;
      read.set(this, params);
    },
  });
}

function tidied(scope: string): string {
  return scope
    .split(' ')
    .filter((name) => name !== '')
    .join(' ');
}
