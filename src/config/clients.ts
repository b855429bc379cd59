import { z } from 'zod';
import type { FactorKind } from '../factors/kind.ts';
import { declaredKinds } from '../factors/kinds.ts';
import { logoutUriFault } from './back-channel.ts';
import { leastLevels } from './factors.ts';
import { describeIssues } from './issues.ts';
import type { Environment } from './layers.ts';
import { reportRedirects } from './redirects.ts';
import { isSafeUrl } from './safe-url.ts';
import { isTree } from './yaml-file.ts';

/** RFC 6749 section 10.10: 128 random bits as base64url. */
const leastSecretLength = 22; // guard: client-secret-bits

/** The account area's own client (oidc/own-client): no setting describes it. */
export const ownClientId = 'account';

const url = z
  .string()
  .refine(isSafeUrl, { error: 'must be a URL that begins with https:// (http:// on loopback only)' });
/** OpenID Connect Core 4: what may begin a sign-in is reached unread. */
const httpsUrl = url.refine((text) => text.startsWith('https:'), { error: 'must begin with https://' });

const clientSchema = (kinds: readonly FactorKind[]) =>
  z
    .strictObject({
      clientId: z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, { error: 'must be 1 to 64 letters, digits or . _ ~ -' }),
      name: z.string().min(1).max(60),
      secretEnv: z.string().min(1).exactOptional(),
      tokenEndpointAuthMethod: z.enum(['client_secret_basic', 'client_secret_post', 'none']).exactOptional(),
      redirectUris: z.array(z.string()).min(1),
      postLogoutRedirectUris: z.array(z.string()).default([]),
      backchannelLogoutUri: url.exactOptional(),
      backchannelLogoutSessionRequired: z.boolean().exactOptional(),
      clientUri: url.exactOptional(),
      initiateLoginUri: httpsUrl.exactOptional(),
      policyUri: url.exactOptional(),
      tosUri: url.exactOptional(),
      firstParty: z.boolean().default(false), // guard: client-consent-unless-own
      pkceRequired: z.boolean().default(true), // guard: client-pkce-unless-exempt
      scopes: z
        .array(z.enum(['openid', 'profile', 'email', 'offline_access']))
        .refine((scopes) => scopes.includes('openid'), { error: 'must include openid' })
        .default(['openid', 'profile', 'email', 'offline_access']),
      leastLevel: z.enum(leastLevels(kinds)).default('1fa'),
      rememberDevice: z.boolean().default(true),
      idTokenAlg: z.enum(['ES256', 'RS256']).default('ES256'),
    })
    .refine(({ secretEnv, pkceRequired }) => secretEnv !== undefined || pkceRequired, {
      // guard: public-client-pkce
      path: ['pkceRequired'],
      error: 'must be true for a client without a secret (RFC 9700 section 2.1.1)',
    })
    .refine(({ secretEnv, tokenEndpointAuthMethod: method }) => secretEnv === undefined || method !== 'none', {
      path: ['tokenEndpointAuthMethod'],
      error: 'must not be none for a client with a secret; remove secretEnv for a public client',
    })
    .refine(({ secretEnv, tokenEndpointAuthMethod: method = 'none' }) => secretEnv !== undefined || method === 'none', {
      path: ['tokenEndpointAuthMethod'],
      error: 'must be none for a client without a secret; name its secret in secretEnv',
    });

/** A relying party. Without `secret` it is a public client. */
export type ClientSettings = Readonly<z.infer<ReturnType<typeof clientSchema>>> & { readonly secret?: string };

interface Surroundings {
  readonly env: Environment;
  readonly environment: string;
  /** Kinds of factors that there are: what they prove is what a client may ask for. */
  readonly kinds?: readonly FactorKind[];
  /** `subject` names the client by its id, or by its place in the file. */
  readonly report: (subject: string, sentence: string) => void;
}

/** Checks the list under `clients:`. In development a client whose secret is not set is left out, so that Twofold runs without the demo. */
export function settleClients(
  list: unknown,
  { env, environment, kinds = declaredKinds, report }: Surroundings,
): readonly ClientSettings[] {
  const schema = clientSchema(kinds);
  const entries = list ?? [];
  if (!Array.isArray(entries)) {
    report('clients', 'must be a list');
    return [];
  }
  const settled = entries.flatMap((entry: unknown, index) => {
    const subject = `client ${isTree(entry) && typeof entry.clientId === 'string' ? entry.clientId : `number ${index + 1}`}`;
    const reportField = (path: string, sentence: string) => report(path ? `${subject}, ${path}` : subject, sentence);
    const filled = fillIn(entry, env, reportField);
    reportAddresses(filled, environment, reportField);
    const parsed = schema.safeParse(filled);
    if (!parsed.success) {
      describeIssues(parsed.error.issues, entry, reportField);
      return [];
    }
    return withSecret(parsed.data, { env, environment, report: reportField });
  });
  reportRepeated(settled, report); // guard: client-names-unique
  if (settled.some(({ clientId }) => clientId === ownClientId)) {
    report(
      `client ${ownClientId}`,
      "is the name of Twofold's own account area; give a client of yours another clientId",
    );
  }
  if (environment === 'production' && settled.some(({ clientId }) => clientId === 'demo')) {
    report('client demo', 'is the demo of development; give a client of yours another clientId');
  }
  return settled;
}

function withSecret(
  client: z.infer<ReturnType<typeof clientSchema>>,
  { env, environment, report }: Surroundings,
): ClientSettings[] {
  if (client.secretEnv === undefined) return [client];
  // A file or a shell leaves a line break at its end, which no client would ever send.
  const secret = env[client.secretEnv]?.trim();
  if (!secret && environment === 'development') return [];
  if (!secret)
    report('secretEnv', `names ${client.secretEnv}, which is not set; set it, or remove secretEnv for a public client`);
  else if (secret.length < leastSecretLength) {
    report(
      'secretEnv',
      `names ${client.secretEnv}, which is shorter than ${leastSecretLength} characters; make a random one`,
    );
  } else if (/[^\x20-\x7e]/.test(secret)) {
    report(
      'secretEnv',
      `names ${client.secretEnv}, which holds what is no printable ASCII character (RFC 6749 appendix A.2); make a random one`,
    );
  } else return [{ ...client, secret }];
  return [client];
}

/** Asked of what stands there, whatever else is wrong: all faults are told at once. */
function reportAddresses(entry: unknown, environment: string, report: (path: string, sentence: string) => void): void {
  if (!isTree(entry)) return;
  const { backchannelLogoutUri } = entry;
  const fault = typeof backchannelLogoutUri === 'string' && logoutUriFault(backchannelLogoutUri, environment);
  if (fault) report('backchannelLogoutUri', fault);
  for (const field of ['redirectUris', 'postLogoutRedirectUris']) {
    const uris = entry[field];
    if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) continue;
    reportRedirects({ uris, field, isPublic: entry.secretEnv === undefined }, report);
  }
}

function reportRepeated(clients: readonly ClientSettings[], report: Surroundings['report']): void {
  const ids = clients.map(({ clientId }) => clientId);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    report(`client ${id}`, 'is listed twice; give each client its own clientId');
  }
}

/** `${NAME}` and `${NAME:-default}` inside a text, from the environment. */
function fillIn(value: unknown, env: Environment, report: (path: string, sentence: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, env, report));
  if (isTree(value)) {
    const named = (key: string) => (_: string, sentence: string) => report(key, sentence);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null)
        .map(([key, item]) => [key, fillIn(item, env, named(key))]),
    );
  }
  if (typeof value !== 'string') return value;
  return value.replaceAll(/\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, otherwise?: string) => {
    const found = env[name]?.trim() || otherwise;
    if (found === undefined)
      report('', `names the variable ${name}, which is not set; set it or give a default as \${${name}:-…}`);
    return found ?? '';
  });
}
